package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.taylor.OperationCount;
import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The engine's half of {@code benchmarks/compare.sh}: gradient, derivative summaries with the Hessian and the Gauss-Newton matrix, and the
 * floors of one model, in
 * milliseconds of processor time, the median of repeated runs; float32, canonical partition, random data, direction =
 * gradient, one thread.
 *
 * <p>With a directory it leaves the case there for the rivals: {@code case.txt} (a line "tensor NAME SIDES" each) and, in
 * little-endian single precision, x, y, theta, direction (the gradient), and in double precision g, H and order3.
 */
public final class Compare {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

    private final String name;
    private final double seconds;
    private final Model model;
    private final Partition partition;
    private final Shard data;
    private final int[] rows;
    private final RawArray theta;

    private Compare(String name, int rows, double seconds) {
        this.name = name;
        this.seconds = seconds;
        ModelDescription description = Models.of(name);
        model = description.build();
        partition = Partitions.parse("canonical", model.layout());
        data = data(rows, Models.features(name));
        this.rows = IntStream.range(0, rows).toArray();
        theta = RawArray.copyOf(DType.FLOAT, description.initialParameters(1));
    }

    /** Arguments: MODEL ROWS SECONDS, then "gradient" or "summary" for what is wanted, then a directory or nothing. */
    public static void main(String[] args) throws IOException {
        Backend.installed().useThreads(1);
        Compare compare = new Compare(args[0], Integer.parseInt(args[1]), Double.parseDouble(args[2]));
        Path directory = args.length > 4 ? Path.of(args[4]) : null;
        double rate = matmulRate();
        RawArray direction = compare.gradient(directory);
        if (args[3].equals("summary")) {
            compare.summary(direction, directory);
            compare.ggn(direction);
        }
        compare.floor(Math.max(rate, matmulRate()));
    }

    private RawArray gradient(Path directory) throws IOException {
        int batch = Program.automaticBatch(model, DType.FLOAT, null, data.rows());
        try (Program program = Program.compile(model, DType.FLOAT, batch, null)) {
            program.setParameters(theta);
            RawArray gradient = program.gradient(data, rows).gradient();
            if (directory != null) {
                write(directory, gradient);
            }
            print(
                    "gradient_ms",
                    medianMs(
                            () -> {
                                program.setParameters(theta);
                                program.gradient(data, rows);
                            },
                            seconds));
            return gradient;
        }
    }

    private void summary(RawArray direction, Path directory) throws IOException {
        int batch = Program.automaticBatch(model, DType.FLOAT, partition, data.rows());
        try (Program program = Program.compile(model, DType.FLOAT, batch, partition)) {
            program.setParameters(theta);
            program.setDirection(direction);
            if (directory != null) {
                write(directory, program.summary(data, rows));
            }
            print(
                    "summary_ms",
                    medianMs(
                            () -> {
                                program.setParameters(theta);
                                program.setDirection(direction);
                                program.summary(data, rows);
                            },
                            seconds));
            System.err.printf(Locale.ROOT, "%s: micro-batch %d, %d MB%n", name, batch, program.bytes() >> 20);
        }
    }

    private void ggn(RawArray direction) {
        int batch = Program.automaticBatch(model, DType.FLOAT, partition, data.rows());
        try (Program program = Program.compile(model, DType.FLOAT, batch, partition, Curvature.GGN)) {
            print(
                    "ggn_ms",
                    medianMs(
                            () -> {
                                program.setParameters(theta);
                                program.setDirection(direction);
                                program.summary(data, rows);
                            },
                            seconds));
        }
    }

    private void floor(double rate) {
        print("matmul_gflops", rate / 1e6);
        print("floor_ms", data.rows() * OperationCount.summary(model, partition) / rate);
        print("ggn_floor_ms", data.rows() * OperationCount.summary(model, partition, Curvature.GGN) / rate);
        print("gradient_floor_ms", data.rows() * OperationCount.gradient(model) / rate);
    }

    private void write(Path directory, RawArray gradient) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < model.layout().count(); i++) {
            String sides = Arrays.stream(model.layout().shape(i))
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            lines.add(("tensor " + model.layout().name(i) + " " + sides).strip());
        }
        Files.write(directory.resolve("case.txt"), lines);
        write(directory, "x", data.features().toDoubles(), Float.BYTES);
        write(directory, "y", data.targets().toDoubles(), Float.BYTES);
        write(directory, "theta", theta.toDoubles(), Float.BYTES);
        write(directory, "direction", gradient.toDoubles(), Float.BYTES);
    }

    private void write(Path directory, DerivativeSummary summary) throws IOException {
        write(directory, "g", summary.g(), Double.BYTES);
        write(
                directory,
                "h",
                Arrays.stream(summary.h()).flatMapToDouble(Arrays::stream).toArray(),
                Double.BYTES);
        write(directory, "order3", summary.order3(), Double.BYTES);
    }

    private static void write(Path directory, String file, double[] values, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (bytes == Float.BYTES) {
                buffer.putFloat((float) value);
            } else {
                buffer.putDouble(value);
            }
        }
        Files.write(directory.resolve(file), buffer.array());
    }

    private static void print(String key, double value) {
        System.out.printf(Locale.ROOT, "%s=%.4g%n", key, value);
    }

    /** Operations in a millisecond of a large matrix product. */
    private static double matmulRate() {
        int n = 1024;
        try (Kernels kernels = Backend.installed().kernels(DType.FLOAT)) {
            Tensor left = kernels.allocate(n, n);
            Tensor right = kernels.allocate(n, n);
            left.fill(0, n * n, 0.5);
            right.fill(0, n * n, 0.5);
            Kernel product = kernels.matmul(left, false, right, false, kernels.allocate(n, n), false);
            return 2.0 * n * n * n / leastMs(product::run, 0.7);
        }
    }

    private static Shard data(int rows, int features) {
        Random random = new Random(1);
        float[] x = new float[rows * features];
        float[] y = new float[rows];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(10);
        }
        return new Shard(rows, RawArray.of(x), RawArray.of(y));
    }

    /** The least of the runs within the seconds, in milliseconds. */
    static double leastMs(Runnable action, double seconds) {
        return times(action, seconds)[0] / 1e6;
    }

    /** The median of the runs within the seconds, in milliseconds, after a second of them for the compiler. */
    private static double medianMs(Runnable action, double seconds) {
        times(action, Math.min(1, seconds));
        long[] times = times(action, seconds);
        return times[times.length / 2] / 1e6;
    }

    /** Nanoseconds of this thread's processor time in the runs within the seconds, at least one, ascending. */
    private static long[] times(Runnable action, double seconds) {
        long start = System.nanoTime();
        LongStream.Builder times = LongStream.builder();
        for (int run = 0; run == 0 || System.nanoTime() - start < seconds * 1e9; run++) {
            long before = PROCESSOR.getCurrentThreadCpuTime();
            action.run();
            times.add(PROCESSOR.getCurrentThreadCpuTime() - before);
        }
        return times.build().sorted().toArray();
    }
}

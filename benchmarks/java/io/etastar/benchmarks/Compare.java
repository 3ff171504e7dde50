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
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The engine's half of {@code benchmarks/compare.sh} and {@code benchmarks/gpu}: gradient, derivative summaries with the Hessian and the
 * Gauss-Newton matrix, and the floors of one model, in milliseconds, the median of repeated runs by turns; float32, canonical partition, random data,
 * direction = gradient. One thread, timed by processor time. The property {@code etastar.backend = cuda} computes on the GPU and
 * {@code etastar.threads} by several threads that share the rows, both timed by the clock.
 *
 * <p>With a directory it leaves the case there for the rivals: {@code case.txt} (a line "tensor NAME SIDES" each) and, in
 * little-endian single precision, x, y, theta, direction (the gradient), and in double precision g, H and order3.
 */
public final class Compare {
    private static final double MILLION = 1e6;
    /** Turns that gradient, summary and Gauss-Newton summary take, so that a machine that is slower for a while changes no ratio. */
    private static final int TURNS = 5;

    private final Backend backend =
            new BackendChoice(System.getProperty("etastar.backend", ""), "").backend();
    private final int threads = Integer.getInteger("etastar.threads", 1);
    private final String name;
    private final double seconds;
    private final Model model;
    private final Partition partition;
    private final Shard data;
    private final int[] rows;
    private final RawArray theta;
    private final Map<String, long[]> times = new LinkedHashMap<>();
    private double megabytes;

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
        compare.run(args[3].equals("summary"), args.length > 4 ? Path.of(args[4]) : null);
    }

    private void run(boolean summaries, Path directory) throws IOException {
        boolean cpu = backend == Backend.installed();
        double rate = cpu ? matmulRate() : 0;
        for (int turn = 0; turn < TURNS; turn++) {
            RawArray direction = gradient(turn == 0 ? directory : null);
            if (summaries) {
                summary(direction, turn == 0 ? directory : null);
                ggn(direction);
            }
        }
        times.forEach((key, values) -> print(key, median(values)));
        if (summaries) {
            print("summary_mb", megabytes);
        }
        if (cpu) {
            floor(Math.max(rate, matmulRate()));
        }
    }

    private RawArray gradient(Path directory) throws IOException {
        try (Team team = team(null, Curvature.HESSIAN)) {
            team.first().setParameters(theta);
            RawArray gradient = team.first().gradient(data, rows).gradient();
            if (directory != null) {
                write(directory, gradient);
            }
            time("gradient_ms", () -> team.each((program, part) -> {
                program.setParameters(theta);
                program.gradient(data, part);
            }));
            return gradient;
        }
    }

    private void summary(RawArray direction, Path directory) throws IOException {
        try (Team team = team(partition, Curvature.HESSIAN)) {
            if (directory != null) {
                team.first().setParameters(theta);
                team.first().setDirection(direction);
                write(directory, team.first().summary(data, rows));
            }
            if (megabytes == 0) {
                megabytes = team.first().bytes() / 1e6;
                System.err.printf(
                        Locale.ROOT,
                        "%s: micro-batch %d, %d MB%n",
                        name,
                        team.first().microBatch(),
                        team.first().bytes() >> 20);
            }
            time("summary_ms", () -> summaries(team, direction));
        }
    }

    private void ggn(RawArray direction) {
        try (Team team = team(partition, Curvature.GGN)) {
            time("ggn_ms", () -> summaries(team, direction));
        }
    }

    private void summaries(Team team, RawArray direction) {
        team.each((program, part) -> {
            program.setParameters(theta);
            program.setDirection(direction);
            program.summary(data, part);
        });
    }

    /** @param subsets of summaries, or null for gradients */
    private Team team(Partition subsets, Curvature curvature) {
        return new Team(backend, threads, rows, count -> {
            int batch = Program.automaticBatch(model, DType.FLOAT, subsets, count);
            return Program.compile(model, DType.FLOAT, batch, subsets, curvature);
        });
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

    /** Operations in a millisecond of a large matrix product, by one thread. */
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

    /** The least of the runs within the seconds by one thread of the CPU, in milliseconds. */
    static double leastMs(Runnable action, double seconds) {
        return times(action, seconds, () -> Team.now(Backend.installed(), 1))[0] / MILLION;
    }

    /**
     * Adds the times of the runs within a turn to those of a key, if they have not taken all seconds already; before the first, a second of
     * runs for the compiler.
     */
    private void time(String key, Runnable action) {
        LongSupplier clock = () -> Team.now(backend, threads);
        long[] before = times.get(key);
        if (before == null) {
            times(action, Math.min(1, seconds), clock);
            before = new long[0];
        }
        if (Arrays.stream(before).sum() < seconds * 1e9) {
            long[] turn = times(action, seconds / TURNS, clock);
            times.put(
                    key,
                    LongStream.concat(Arrays.stream(before), Arrays.stream(turn))
                            .toArray());
        }
    }

    /** In milliseconds. */
    private static double median(long... times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2] / MILLION;
    }

    /** Nanoseconds of the runs within the seconds, at least one, ascending. */
    private static long[] times(Runnable action, double seconds, LongSupplier clock) {
        long start = System.nanoTime();
        LongStream.Builder times = LongStream.builder();
        for (int run = 0; run == 0 || System.nanoTime() - start < seconds * 1e9; run++) {
            long before = clock.getAsLong();
            action.run();
            times.add(clock.getAsLong() - before);
        }
        return times.build().sorted().toArray();
    }
}

package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.taylor.OperationCount;
import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The engine's half of {@code benchmarks/compare.sh}: gradient, derivative summary and the floor of one model, in
 * milliseconds, the least of repeated runs; float32, canonical partition, random data, direction = gradient, one thread.
 */
public final class Compare {
    private Compare() {}

    /** Arguments: MODEL ROWS SECONDS, and "gradient" if no summary is wanted. */
    public static void main(String[] args) {
        Backend.installed().useThreads(1);
        String name = args[0];
        int rows = Integer.parseInt(args[1]);
        double seconds = Double.parseDouble(args[2]);
        ModelDescription description = Models.of(name);
        Model model = description.build();
        Partition partition = Partitions.parse("canonical", model.layout());
        double rate = matmulRate();
        Shard data = data(rows, Models.features(name));
        int[] all = IntStream.range(0, rows).toArray();
        RawArray theta = RawArray.copyOf(DType.FLOAT, description.initialParameters(1));
        RawArray direction;
        try (Program program =
                Program.compile(model, DType.FLOAT, Program.automaticBatch(model, DType.FLOAT, null, rows), null)) {
            program.setParameters(theta);
            direction = program.gradient(data, all).gradient();
            print(
                    "gradient_ms",
                    leastMs(
                            () -> {
                                program.setParameters(theta);
                                program.gradient(data, all);
                            },
                            seconds));
        }
        if (args.length == 3) {
            summary(name, model, data, theta, direction, seconds);
        }
        rate = Math.max(rate, matmulRate());
        System.err.printf(Locale.ROOT, "matmul %.0f GFLOP/s%n", rate / 1e6);
        print("floor_ms", rows * OperationCount.summary(model, partition) / rate);
        print("gradient_floor_ms", rows * OperationCount.gradient(model) / rate);
    }

    private static void summary(
            String name, Model model, Shard data, RawArray theta, RawArray direction, double seconds) {
        Partition partition = Partitions.parse("canonical", model.layout());
        int[] all = IntStream.range(0, data.rows()).toArray();
        int batch = Program.automaticBatch(model, DType.FLOAT, partition, data.rows());
        try (Program program = Program.compile(model, DType.FLOAT, batch, partition)) {
            print(
                    "summary_ms",
                    leastMs(
                            () -> {
                                program.setParameters(theta);
                                program.setDirection(direction);
                                program.summary(data, all);
                            },
                            seconds));
            System.err.printf(Locale.ROOT, "%s: micro-batch %d, %d MB%n", name, batch, program.bytes() >> 20);
        }
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

    /** Of at least four runs: the first ones still compile. */
    static double leastMs(Runnable action, double seconds) {
        long start = System.nanoTime();
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 4 || System.nanoTime() - start < seconds * 1e9; run++) {
            long before = System.nanoTime();
            action.run();
            best = Math.min(best, System.nanoTime() - before);
        }
        return best / 1e6;
    }
}

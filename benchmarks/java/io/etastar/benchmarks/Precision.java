package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * How far summaries in single precision are from those in double precision while a network learns.
 *
 * <p>Trains on the first rows of an IDX data set (images 28 x 28, put on three channels of 32 x 32 with zeros around) by Adam,
 * and after each epoch compares g, H and order3 along the gradient: the largest difference as a part of the table's largest
 * entry, and the largest relative difference of an entry of the diagonal of H.
 */
public final class Precision {
    private static final int SIDE = 32;
    private static final int BATCH = 100;

    private Precision() {}

    /** Arguments: MODEL (lenet or vgg11), DIRECTORY of the IDX files, ROWS, EPOCHS. */
    public static void main(String[] args) throws IOException {
        Backend.installed().useThreads(1);
        int rows = Integer.parseInt(args[2]);
        ModelDescription description = Models.of(args[0]);
        Model model = description.build();
        Shard data = data(Path.of(args[1]), rows);
        double[] theta = description.initialParameters(1);
        Adam adam = new Adam(theta.length);
        try (Program program = Program.compile(model, DType.FLOAT, 50, null)) {
            for (int epoch = 0; epoch <= Integer.parseInt(args[3]); epoch++) {
                compare(epoch, description, data, theta);
                int[] order = shuffled(rows, epoch);
                for (int from = 0; from + BATCH <= rows; from += BATCH) {
                    program.setParameters(RawArray.copyOf(DType.FLOAT, theta));
                    adam.step(
                            theta,
                            program.gradient(data, Arrays.copyOfRange(order, from, from + BATCH))
                                    .gradient());
                }
            }
        }
    }

    private static void compare(int epoch, ModelDescription description, Shard data, double[] theta) {
        DerivativeSummary wide = summary(description, DType.DOUBLE, data, theta);
        DerivativeSummary narrow = summary(description, DType.FLOAT, data, theta);
        double diagonal = 0;
        for (int s = 0; s < wide.g().length; s++) {
            diagonal = Math.max(diagonal, Math.abs(narrow.h()[s][s] / wide.h()[s][s] - 1));
        }
        System.out.printf(
                Locale.ROOT,
                "epoch=%d loss=%.4f g=%.1e H=%.1e order3=%.1e H_diagonal=%.1e%n",
                epoch,
                wide.mean().loss(),
                difference(wide.g(), narrow.g()),
                difference(flat(wide.h()), flat(narrow.h())),
                difference(wide.order3(), narrow.order3()),
                diagonal);
    }

    private static double[] flat(double[][] table) {
        return Arrays.stream(table).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double difference(double[] expected, double[] found) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        return IntStream.range(0, expected.length)
                        .mapToDouble(i -> Math.abs(expected[i] - found[i]))
                        .max()
                        .orElse(0)
                / scale;
    }

    /** Of the first rows, along their gradient in double precision. */
    private static DerivativeSummary summary(ModelDescription description, DType type, Shard data, double[] theta) {
        Model model = description.build(type);
        Partition partition = Partitions.parse("canonical", model.layout());
        int[] rows = IntStream.range(0, BATCH).toArray();
        double[] direction;
        Model reference = description.build(DType.DOUBLE);
        try (Program program = Program.compile(reference, DType.DOUBLE, 25, null)) {
            program.setParameters(RawArray.of(theta));
            direction = program.gradient(data, rows).gradient().toDoubles();
        }
        try (Program program = Program.compile(model, type, 25, partition)) {
            program.setParameters(RawArray.of(theta));
            program.setDirection(RawArray.of(direction));
            return program.summary(data, rows);
        }
    }

    private static int[] shuffled(int rows, int epoch) {
        int[] order = IntStream.range(0, rows).toArray();
        Random random = new Random(epoch);
        for (int i = rows - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    private static Shard data(Path directory, int rows) throws IOException {
        float[] x = new float[rows * 3 * SIDE * SIDE];
        float[] y = new float[rows];
        try (DataInputStream images = open(directory.resolve("train-images-idx3-ubyte.gz"), 16);
                DataInputStream labels = open(directory.resolve("train-labels-idx1-ubyte.gz"), 8)) {
            for (int row = 0; row < rows; row++) {
                y[row] = labels.readUnsignedByte();
                for (int i = 0; i < 28 * 28; i++) {
                    float pixel = (images.readUnsignedByte() / 255f - 0.286f) / 0.353f;
                    for (int c = 0; c < 3; c++) {
                        x[((row * 3 + c) * SIDE + i / 28 + 2) * SIDE + i % 28 + 2] = pixel;
                    }
                }
            }
        }
        return new Shard(rows, RawArray.of(x), RawArray.of(y));
    }

    private static DataInputStream open(Path file, int header) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
        in.readFully(new byte[header]);
        return in;
    }

    /** Adam with its usual constants. */
    private static final class Adam {
        private final double[] first;
        private final double[] second;
        private int steps;

        Adam(int length) {
            first = new double[length];
            second = new double[length];
        }

        void step(double[] theta, RawArray gradient) {
            steps++;
            for (int i = 0; i < theta.length; i++) {
                double g = gradient.get(i) / BATCH;
                first[i] += 0.1 * (g - first[i]);
                second[i] += 0.001 * (g * g - second[i]);
                double deviation = Math.sqrt(second[i] / (1 - Math.pow(0.999, steps))) + 1e-8;
                theta[i] -= 1e-3 * first[i] / (1 - Math.pow(0.9, steps)) / deviation;
            }
        }
    }
}

package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small perceptron or LeNet with random sizes, data, parameters, direction and partition; a seed gives all of it. */
final class RandomCase {
    private static final String[] ACTIVATIONS = {"tanh", "relu", "sigmoid", "elu", "softplus", "identity"};

    final Random random;
    final Model model;
    final ParameterLayout layout;
    final Partition partition;
    final Shard data;
    final double[] theta;
    final double[] direction;

    RandomCase(long seed) {
        this(seed, false);
    }

    /** A network of one dense layer. */
    static RandomCase linear(long seed) {
        return new RandomCase(seed, true);
    }

    private RandomCase(long seed, boolean linear) {
        random = new Random(seed);
        String loss = random.nextInt(3) == 0 ? "mse" : "nll";
        String activation = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
        boolean images = !linear && random.nextInt(3) == 0;
        model = new ModelDescription(images ? lenet(activation, loss) : perceptron(linear, activation, loss))
                .build(DType.DOUBLE);
        layout = model.layout();
        partition = partition();
        theta = normal(layout.size(), 0.5);
        direction = normal(layout.size(), 0.5);
        data = data(1 + random.nextInt(9));
    }

    private String perceptron(boolean linear, String activation, String loss) {
        List<Integer> layers = new ArrayList<>();
        int count = linear ? 2 : 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            layers.add(2 + random.nextInt(6));
        }
        return "{\"model\": \"perceptron\", \"layers\": " + layers + ", \"activation\": \"" + activation
                + "\", \"loss\": \"" + loss + "\"}";
    }

    private String lenet(String activation, String loss) {
        List<Integer> layers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            layers.add(2 + random.nextInt(3));
        }
        return "{\"model\": \"lenet\", \"image_size\": " + (10 + random.nextInt(4)) + ", \"kernel\": 3, \"layers\": "
                + layers + ", \"activation\": \"" + activation + "\", \"loss\": \"" + loss + "\"}";
    }

    private Partition partition() {
        int k = 1 + random.nextInt(layout.count() / 2);
        return switch (random.nextInt(6)) {
            case 0 -> Partitions.parse("canonical", layout);
            case 1 -> Partitions.parse("trivial", layout);
            case 2 -> Partitions.parse("wb", layout);
            case 3 -> Partitions.parse("blocks-" + k, layout);
            case 4 -> Partitions.parse("alternate-" + k, layout);
            default -> custom();
        };
    }

    private Partition custom() {
        List<List<String>> groups = new ArrayList<>();
        int count = 1 + random.nextInt(layout.count());
        IntStream.range(0, count).forEach(i -> groups.add(new ArrayList<>()));
        layout.names().forEach(name -> groups.get(random.nextInt(count)).add(name));
        groups.removeIf(List::isEmpty);
        return Partitions.of(groups, layout);
    }

    double[] normal(int length, double deviation) {
        return IntStream.range(0, length)
                .mapToDouble(i -> deviation * random.nextGaussian())
                .toArray();
    }

    private Shard data(int rows) {
        long[] input = model.graph().getVariable("x").placeholderShape();
        int features = 1;
        for (int i = 1; i < input.length; i++) {
            features *= (int) input[i];
        }
        int width = model.classes();
        double[] y = width > 0
                ? random.ints(rows, 0, width).asDoubleStream().toArray()
                : normal(rows * (int) model.graph().getVariable("y").placeholderShape()[1], 1);
        return new Shard(rows, RawArray.of(normal(rows * features, 1)), RawArray.of(y));
    }

    int[] rows() {
        return IntStream.range(0, data.rows()).toArray();
    }

    /** All rows in a random order. */
    int[] shuffledRows() {
        int[] rows = rows();
        for (int i = rows.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = rows[i];
            rows[i] = rows[j];
            rows[j] = kept;
        }
        return rows;
    }

    DerivativeSummary summary() {
        return summary(partition, DType.DOUBLE, 4, rows());
    }

    DerivativeSummary summary(Partition of, DType type, int microBatch, int... rows) {
        return summary(of, type, microBatch, direction, rows);
    }

    DerivativeSummary summary(Partition of, DType type, int microBatch, double[] along, int... rows) {
        try (Program program = Program.compile(model, type, microBatch, of)) {
            return summary(program, along, rows);
        }
    }

    /** With the Gauss-Newton matrix. */
    DerivativeSummary ggn(Partition of, DType type, int microBatch, int... rows) {
        try (Program program = Program.compile(model, type, microBatch, of, Curvature.GGN)) {
            return summary(program, direction, rows);
        }
    }

    private DerivativeSummary summary(Program program, double[] along, int... rows) {
        program.setParameters(RawArray.of(theta));
        program.setDirection(RawArray.of(along));
        return program.summary(data, rows);
    }

    GradientSum gradient(double... at) {
        try (Program program = Program.compile(model, DType.DOUBLE, 4, null)) {
            program.setParameters(RawArray.of(at));
            return program.gradient(data, rows());
        }
    }

    /** The gradient at theta by the program of {@link #ggn}, after a summary. */
    GradientSum gradientOfGgnProgram() {
        try (Program program = Program.compile(model, DType.DOUBLE, 4, partition, Curvature.GGN)) {
            summary(program, direction, rows());
            return program.gradient(data, rows());
        }
    }
}

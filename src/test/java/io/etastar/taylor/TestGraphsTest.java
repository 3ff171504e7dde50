package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.taylor.graph.OpDefinition;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every op against oracles of increasing order: g against differences of the loss, the gradient against g and against
 * SameDiff's own, H against differences of g, order3 against differences of H.
 */
class TestGraphsTest {
    private static final int ROWS = 5;
    /** Differences of fourth order leave errors of about 1e-10 of the derivative's scale; no pooling changes its winner within two steps. */
    private static final double STEP = 5e-4;

    private static final Map<String, Model> MODELS = TestGraphs.all();

    /** Graphs of which SameDiff itself fails to give a gradient, or gives one that differences of the loss refute. */
    private static final Set<String> BEYOND_SAMEDIFF = Set.of(
            "conv2d",
            "conv2d padded",
            "conv2d strided",
            "conv2d same",
            "conv2d dilated",
            "a cross-entropy that is not the last op",
            "mean_sqerr_loss",
            "sigm_cross_entropy_loss",
            "log_loss",
            "weighted mean_sqerr_loss",
            "reduce_sum",
            "cast",
            "gelu",
            "precise_gelu",
            "mish",
            "stop gradient",
            "inverted dropout without a seed",
            "dropout without a seed",
            "leakyrelu",
            "hard_sigmoid",
            "stack times a matrix",
            "gather",
            "gather of constant rows",
            "embedding",
            "embedding_lookup",
            "attention",
            "transformer block",
            "sigm_cross_entropy_loss smoothed",
            "absolute_difference_loss",
            "huber_loss",
            "log_poisson_loss",
            "softmax_cross_entropy_loss_with_logits",
            "cross-entropy of a sequence",
            "variance",
            "batchnorm",
            "batch normalisation",
            "batch normalisation of images",
            "moments over the batch",
            "sum over the batch",
            "conv2d of another layout",
            "upsampling2d",
            "depthwise block",
            "residual block");

    /** Graphs whose losses SameDiff rounds to single precision, or does not compute as the op's definition says, or at all. */
    private static final Set<String> OTHER_VALUES = Set.of(
            "cast",
            "gelu",
            "precise_gelu",
            "hard_sigmoid",
            "inverted dropout without a seed",
            "dropout without a seed",
            "stack times a matrix",
            "embedding_lookup",
            "cosine_distance_loss",
            "attention",
            "transformer block");

    static Set<String> names() {
        return MODELS.keySet();
    }

    static Set<String> namesSameDiffKnows() {
        Set<String> names = new LinkedHashSet<>(MODELS.keySet());
        names.removeAll(BEYOND_SAMEDIFF);
        return names;
    }

    /** Derivatives of a stopped gradient are none of its value. */
    static Set<String> differentiable() {
        Set<String> names = new LinkedHashSet<>(MODELS.keySet());
        names.remove("stop gradient");
        return names;
    }

    static Set<String> namesOfEqualValues() {
        Set<String> names = new LinkedHashSet<>(MODELS.keySet());
        names.removeAll(OTHER_VALUES);
        return names;
    }

    @ParameterizedTest
    @MethodSource("namesOfEqualValues")
    void lossesAreSameDiffs(String name) {
        Fixture fixture = Fixture.of(name);
        double[] expected = fixture.sameDiffLosses();
        try (Program program = Program.compile(fixture.model, DType.DOUBLE, ROWS, null)) {
            program.setParameters(RawArray.of(fixture.theta));
            double sum = program.loss(fixture.data, Fixture.rows()).loss();
            close(new double[] {java.util.Arrays.stream(expected).sum()}, new double[] {sum}, 1e-10, name);
        }
    }

    @Test
    void everyRegisteredOpHasAGraph() {
        Set<String> covered = new HashSet<>();
        for (Model model : MODELS.values()) {
            Program.graph(model, 2, null)
                    .ops()
                    .forEach(op -> covered.add(op.source().type()));
        }
        Set<String> missing = new HashSet<>();
        for (OpDefinition definition : BuiltInOps.own().definitions()) {
            if (definition.rule() != null) {
                missing.add(definition.name());
            }
        }
        missing.removeAll(covered);
        assertEquals(Set.of(), missing, "ops without a row here");
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void slopeIsTheDifferenceOfTheLoss(String name) {
        Fixture fixture = Fixture.of(name);
        fixture.partition("canonical");
        double[] found = fixture.summary(fixture.theta).g();
        double[] expected = new double[found.length];
        for (int s = 0; s < found.length; s++) {
            int subset = s;
            expected[s] = difference(step -> new double[] {
                fixture.gradient(fixture.shifted(subset, step)).loss().loss()
            })[0];
        }
        close(expected, found, 1e-8, name);
    }

    @ParameterizedTest
    @MethodSource("namesSameDiffKnows")
    void gradientIsSameDiffs(String name) {
        Fixture fixture = Fixture.of(name);
        GradientSum sum = fixture.gradient(fixture.theta);
        double[] expected = fixture.sameDiffGradient();
        close(expected, sum.gradient().toDoubles(), 1e-10, name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void slopeIsGradientTimesDirection(String name) {
        Fixture fixture = Fixture.of(name);
        for (String partition : new String[] {"canonical", "trivial"}) {
            fixture.partition(partition);
            double[] gradient = fixture.gradient(fixture.theta).gradient().toDoubles();
            double[] expected = new double[fixture.partition.size()];
            for (int i = 0; i < fixture.layout.count(); i++) {
                for (int p = fixture.layout.offset(i); p < fixture.layout.offset(i) + fixture.layout.length(i); p++) {
                    expected[fixture.partition.subsetOf(i)] += gradient[p] * fixture.direction[p];
                }
            }
            close(expected, fixture.summary(fixture.theta).g(), 1e-11, name + " " + partition);
        }
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void curvatureIsTheSlopeOfTheSlope(String name) {
        Fixture fixture = Fixture.of(name);
        for (String partition : new String[] {"canonical", "trivial"}) {
            fixture.partition(partition);
            DerivativeSummary summary = fixture.summary(fixture.theta);
            double scale = 0;
            for (double[] row : summary.h()) {
                scale = Math.max(scale, largest(row));
            }
            for (int s = 0; s < fixture.partition.size(); s++) {
                int subset = s;
                double[] row = difference(
                        step -> fixture.summary(fixture.shifted(subset, step)).g());
                close(row, summary.h()[s], scale, 1e-8, name + " " + partition + " row " + s);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void order3IsTheSlopeOfTheCurvature(String name) {
        Fixture fixture = Fixture.of(name);
        for (String partition : new String[] {"canonical", "trivial"}) {
            fixture.partition(partition);
            double[] found = fixture.summary(fixture.theta).order3();
            double[] expected = new double[found.length];
            double scale = 0;
            for (int s = 0; s < found.length; s++) {
                int subset = s;
                double[] row = difference(
                        step -> fixture.summary(fixture.shifted(subset, step)).h()[subset]);
                expected[s] = row[s];
                scale = Math.max(scale, Math.abs(fixture.summary(fixture.theta).h()[s][s]));
            }
            close(expected, found, Math.max(scale, largest(expected)), 1e-7, name + " " + partition);
        }
    }

    /** Central difference of fourth order at 0. */
    private static double[] difference(DoubleFunction<double[]> f) {
        double[] near = minus(f.apply(STEP), f.apply(-STEP));
        double[] far = minus(f.apply(2 * STEP), f.apply(-2 * STEP));
        double[] slope = new double[near.length];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (8 * near[i] - far[i]) / (12 * STEP);
        }
        return slope;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static void close(double[] expected, double[] found, double tolerance, String what) {
        close(expected, found, largest(expected), tolerance, what);
    }

    private static void close(double[] expected, double[] found, double scale, double tolerance, String what) {
        double difference = largest(minus(expected, found));
        assertTrue(difference <= tolerance * Math.max(scale, 1e-12), what + ": " + difference + " of " + scale);
    }

    /** A model with random data, parameters and direction. */
    private static final class Fixture {
        final Model model;
        final ParameterLayout layout;
        final double[] theta;
        final double[] direction;
        final Shard data;
        Partition partition;

        /** With numbers such that no kink lies within the steps of the differences. */
        static Fixture of(String name) {
            return new Fixture(MODELS.get(name), "maxpool2d".equals(name) ? 8 : 7);
        }

        private Fixture(Model model, long seed) {
            this.model = model;
            layout = model.layout();
            Random random = new Random(seed);
            theta = normal(random, layout.size(), 0.2);
            direction = normal(random, layout.size(), 0.1);
            double[] x = TestGraphs.features(model, ROWS, random, () -> normal(random, ROWS * TestGraphs.FEATURES, 1));
            double[] y = new double[model.classes() > 0 ? ROWS : ROWS * TestGraphs.TARGETS];
            for (int i = 0; i < y.length; i++) {
                y[i] = model.classes() > 0 ? random.nextInt(TestGraphs.TARGETS) : random.nextDouble();
            }
            data = new Shard(ROWS, RawArray.of(x), RawArray.of(y));
        }

        static double[] normal(Random random, int length, double scale) {
            return random.doubles(length)
                    .map(v -> scale * random.nextGaussian())
                    .toArray();
        }

        void partition(String kind) {
            partition = Partitions.parse(kind, layout);
        }

        double[] shifted(int subset, double step) {
            double[] moved = theta.clone();
            for (int i = 0; i < layout.count(); i++) {
                for (int p = 0; partition.subsetOf(i) == subset && p < layout.length(i); p++) {
                    moved[layout.offset(i) + p] += step * direction[layout.offset(i) + p];
                }
            }
            return moved;
        }

        GradientSum gradient(double[] at) {
            try (Program program = Program.compile(model, DType.DOUBLE, 3, null)) {
                program.setParameters(RawArray.of(at));
                return program.gradient(data, rows());
            }
        }

        DerivativeSummary summary(double[] at) {
            try (Program program = Program.compile(model, DType.DOUBLE, 3, partition)) {
                program.setParameters(RawArray.of(at));
                program.setDirection(RawArray.of(direction));
                return program.summary(data, rows());
            }
        }

        private static int[] rows() {
            return java.util.stream.IntStream.range(0, ROWS).toArray();
        }

        /** The loss of every row by SameDiff. */
        double[] sameDiffLosses() {
            INDArray losses = model.graph().output(sameDiffInputs(), "loss").get("loss");
            return losses.dup('c').reshape(losses.length()).toDoubleVector();
        }

        /** The gradient of the summed loss by SameDiff. */
        double[] sameDiffGradient() {
            model.graph().setLossVariables("loss");
            Map<String, INDArray> gradients = model.graph().calculateGradients(sameDiffInputs(), layout.names());
            double[] flat = new double[layout.size()];
            for (int i = 0; i < layout.count(); i++) {
                INDArray part = gradients.get(layout.name(i)).dup('c').reshape(layout.length(i));
                System.arraycopy(part.toDoubleVector(), 0, flat, layout.offset(i), layout.length(i));
            }
            return flat;
        }

        /** Sets the parameters in the graph; the placeholders. */
        private Map<String, INDArray> sameDiffInputs() {
            SameDiff graph = model.graph();
            for (int i = 0; i < layout.count(); i++) {
                double[] part =
                        java.util.Arrays.copyOfRange(theta, layout.offset(i), layout.offset(i) + layout.length(i));
                long[] shape =
                        java.util.Arrays.stream(layout.shape(i)).asLongStream().toArray();
                graph.getVariable(layout.name(i))
                        .setArray(Nd4j.createFromArray(part).reshape(shape));
            }
            Map<String, INDArray> inputs = new HashMap<>();
            inputs.put("x", placeholder("x", data.features().doubles()));
            inputs.put("y", placeholder("y", data.targets().doubles()));
            return inputs;
        }

        private INDArray placeholder(String name, double... values) {
            long[] shape = model.graph().getVariable(name).placeholderShape().clone();
            shape[0] = ROWS;
            return Nd4j.createFromArray(values)
                    .reshape(shape)
                    .castTo(model.graph().getVariable(name).dataType());
        }
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.TaylorTerms;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Weights of rows, dropout and statistics of a batch: programs of all kinds do with them what a summary does. */
class RowsOfAllProgramsTest {
    private static final Map<String, Model> MODELS = TestGraphs.all();
    private static final int ROWS = 7;

    /** A summary over one subset, and what should agree with it. */
    private record Results(
            DerivativeSummary summary, HessianVectorSum product, DerivativeTensor tensor, TaylorTerms terms) {
        void agree(double[] v) {
            double h = summary.h()[0][0];
            double found = IntStream.range(0, v.length)
                    .mapToDouble(p -> v[p] * product.product().get(p))
                    .sum();
            assertEquals(h, found, 1e-12 * Math.max(1, Math.abs(h)));
            assertArrayEquals(summary.order3(), tensor.entries(), 1e-11 * Math.max(1, Math.abs(summary.order3()[0])));
            double[] expected = {summary.loss(), summary.g()[0], h, summary.order3()[0]};
            double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertArrayEquals(expected, terms.derivatives(), 1e-11 * scale);
            assertEquals(summary.loss(), product.loss().loss(), 1e-13 * scale);
            for (double samples : new double[] {product.loss().samples(), tensor.samples(), terms.samples()}) {
                assertEquals(summary.samples(), samples, 1e-13);
            }
        }
    }

    /** A model with programs of all kinds at a random point. */
    private static final class Programs implements AutoCloseable {
        final double[] v;
        final Shard data;
        final Program program;
        final HessianProgram products;
        final SeriesProgram series;

        Programs(Model model, int microBatch, double... weights) {
            Random random = new Random(4);
            Partition whole = Partitions.parse("trivial", model.layout());
            RawArray theta = RawArray.of(GraphData.normal(random, model.layout().size(), 0.2));
            v = GraphData.normal(random, model.layout().size(), 0.1);
            RawArray x = RawArray.of(GraphData.features(model, random, ROWS));
            data = new Shard(ROWS, x, RawArray.of(GraphData.targets(model, random, ROWS)), weights);
            program = Program.compile(model, DType.DOUBLE, microBatch, whole);
            products = HessianProgram.compile(model, DType.DOUBLE, microBatch, ROWS);
            series = SeriesProgram.compile(model, DType.DOUBLE, microBatch, whole, 3);
            program.setParameters(theta);
            products.setParameters(theta);
            series.setParameters(theta);
            program.setDirection(RawArray.of(v));
            products.setDirection(RawArray.of(v));
            series.setDirection(RawArray.of(v));
        }

        Results over(int... rows) {
            Results results = new Results(
                    program.summary(data, rows),
                    products.hessianVector(data, rows),
                    series.derivatives(data, rows),
                    series.terms(data, rows));
            results.agree(v);
            return results;
        }

        void seed(long seed) {
            program.setSeed(seed);
            products.setSeed(seed);
            series.setSeed(seed);
        }

        @Override
        public void close() {
            program.close();
            products.close();
            series.close();
        }
    }

    @Test
    void rowsCountByTheirWeight() {
        Model model = MODELS.get("sparse_softmax_cross_entropy_loss_with_logits");
        try (Programs weighted = new Programs(model, 3, 2, 0, 1, 0.5, 1, 3, 0);
                Programs plain = new Programs(model, 4, null)) {
            Results found = weighted.over(0, 1, 2, 4, 5, 6);
            assertEquals(7, found.terms.samples());
            Results repeated = plain.over(0, 0, 2, 4, 5, 5, 5);
            assertArrayEquals(repeated.terms.derivatives(), found.terms.derivatives(), 1e-12);
        }
    }

    /** Rows of weight 0 and rows that fill up a micro-batch, where the loss is not finite. */
    @Test
    void aRowOfWeightZeroMayHaveAnInfiniteLoss() {
        Model model = MODELS.get("square");
        try (Programs programs = new Programs(model, 3, 1, 1, 1, 1, 1, 1, 0)) {
            double[] expected = programs.over(0, 1, 2, 3, 4, 5).terms.derivatives();
            double[] x = programs.data.features().toDoubles();
            Arrays.fill(x, 6 * TestGraphs.FEATURES, x.length, 1e300);
            Shard data = new Shard(ROWS, RawArray.of(x), programs.data.targets(), programs.data.weights());
            TaylorTerms found = programs.series.terms(data, new int[] {0, 1, 2, 3, 4, 5, 6});
            assertArrayEquals(expected, found.derivatives(), 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, ROWS, 10})
    void dropoutHasTheSummarysMasks(int microBatch) {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.math.tanh(t.dense(t.graph.nn.dropout(t.flat(), 0.7), "a", TestGraphs.FEATURES, 6));
        Model model = t.squared(t.graph.math.tanh(t.dense(t.graph.nn.dropout(h, 0.6), "b", 6, 3)));
        try (Programs programs = new Programs(model, microBatch, 1, 1, 2, 1, 1, 1, 0.5)) {
            double without = programs.over(0, 1, 2, 3, 4, 5, 6).summary.loss();
            programs.seed(8);
            double with = programs.over(0, 1, 2, 3, 4, 5, 6).summary.loss();
            assertNotEquals(without, with);
            programs.over(5, 2, 6);
            programs.seed(9);
            assertNotEquals(with, programs.over(0, 1, 2, 3, 4, 5, 6).summary.loss());
            programs.program.clearSeed();
            programs.products.clearSeed();
            programs.series.clearSeed();
            assertEquals(without, programs.over(0, 1, 2, 3, 4, 5, 6).summary.loss());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "batch normalisation",
                "batch normalisation of images",
                "moments over the batch",
                "sum over the batch",
                "residual block"
            })
    void statisticsAreThoseOfTheMicroBatch(String name) {
        Model model = MODELS.get(name);
        try (Programs parts = new Programs(model, 3, null);
                Programs padded = new Programs(model, 10, null);
                Programs automatic = new Programs(model, 0, null)) {
            double[] split = parts.over(0, 1, 2, 3, 4, 5, 6).terms.derivatives();
            double[] all = padded.over(0, 1, 2, 3, 4, 5, 6).terms.derivatives();
            double[] found = automatic.over(0, 1, 2, 3, 4, 5, 6).terms.derivatives();
            assertTrue(Math.abs(split[0] - all[0]) > 1e-6, "statistics of parts differ");
            assertArrayEquals(all, found, 1e-11);
        }
        assertEquals(1000, SeriesProgram.automaticBatch(model, DType.DOUBLE, 3, 1000));
    }

    @Test
    void aLossOfAllRowsTogetherIsRefusedWhereRowsMix() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        graph.placeHolder("y", DataType.DOUBLE, -1, 2);
        SDVariable z = x.mmul(graph.var("w", DataType.DOUBLE, 3, 2));
        graph.math.square(z.sub(z.mean(true, 0))).mean().rename("loss");
        ParameterLayout layout = new ParameterLayout(List.of("w"), List.of(new int[] {3, 2}));
        Model model = new Model(graph, "x", "y", "loss", "loss", layout, 0);
        assertThrows(UserError.class, () -> HessianProgram.compile(model, DType.DOUBLE, 2, 0));
        assertThrows(UserError.class, () -> SeriesProgram.compile(model, DType.DOUBLE, 2, null, 2));
    }
}

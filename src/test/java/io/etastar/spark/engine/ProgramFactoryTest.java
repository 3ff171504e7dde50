package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.TaylorTerms;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgramFactoryTest {
    @Test
    void constantsOfTheGraphHaveTheProgramsPrecision() {
        ModelDescription model = new ModelDescription(
                "{\"model\": \"rosenbrock\", \"d\": 1, \"a\": -0.7, \"b\": 0.1, \"loss\": \"none\"}");
        RawArray one = RawArray.zeros(DType.DOUBLE, 1);
        try (Engine engine = new ProgramFactory(model, DType.DOUBLE, 0, 1, 1).create(null)) {
            Point<RawArray> point = Point.at(RawArray.of(new double[] {0.3, 1.1}));
            double loss = engine.evaluate(new Quantity.Loss(), new Shard(1, one, one), new int[] {0}, point)
                    .loss();
            assertEquals(1.8 * 1.8 + 0.1 * (1.21 - 0.3) * (1.21 - 0.3), loss, 1e-14);
        }
    }

    @Test
    void oneEngineGivesGradientsAndHessianVectorProducts() {
        ModelDescription model = new ModelDescription(
                "{\"model\": \"rosenbrock\", \"d\": 1, \"a\": -0.7, \"b\": 0.1, \"loss\": \"none\"}");
        RawArray one = RawArray.zeros(DType.DOUBLE, 1);
        Shard shard = new Shard(1, one, one);
        int[] rows = {0};
        double[] theta = {0.3, 1.1};
        double[] v = {0.7, -0.4};
        double h = 1e-3;
        try (Engine engine = new ProgramFactory(model, DType.DOUBLE, 0, 1, 1).create(null)) {
            double[] up = gradient(engine, shard, theta, v, h);
            double[] down = gradient(engine, shard, theta, v, -h);
            double[] found = engine.evaluate(
                            new Quantity.HessianVector(), shard, rows, Point.along(RawArray.of(theta), RawArray.of(v)))
                    .meanProduct();
            for (int p = 0; p < 2; p++) {
                assertEquals((up[p] - down[p]) / (2 * h), found[p], 1e-5);
            }
            assertArrayEquals(up, gradient(engine, shard, theta, v, h));
        }
    }

    @Test
    void lossesAlongADirectionLeaveTheEngineAtItsPoint() {
        ModelDescription model = new ModelDescription(
                "{\"model\": \"rosenbrock\", \"d\": 1, \"a\": -0.7, \"b\": 0.1, \"loss\": \"none\"}");
        RawArray one = RawArray.zeros(DType.DOUBLE, 1);
        Shard shard = new Shard(1, one, one);
        int[] rows = {0};
        Point<RawArray> point =
                Point.along(RawArray.of(new double[] {0.3, 1.1}), RawArray.of(new double[] {0.7, -0.4}));
        try (Engine engine = new ProgramFactory(model, DType.DOUBLE, 0, 1, 1).create(null)) {
            GradientSum before = engine.evaluate(new Quantity.Gradient(), shard, rows, point);
            LossSum[] losses = engine.evaluate(new Quantity.Losses(0, 0.5), shard, rows, point)
                    .losses();
            assertEquals(before.loss(), losses[0]);
            assertNotEquals(losses[0], losses[1]);
            GradientSum after = engine.evaluate(new Quantity.Gradient(), shard, rows, point);
            assertArrayEquals(before.meanGradient(), after.meanGradient());
            Point<RawArray> without = Point.at(point.theta());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> engine.evaluate(new Quantity.HessianVector(), shard, rows, without));
        }
    }

    @Test
    void anArrayThatHasChangedIsSeenAtAnotherPoint() {
        ModelDescription model = new ModelDescription(
                "{\"model\": \"rosenbrock\", \"d\": 1, \"a\": -0.7, \"b\": 0.1, \"loss\": \"none\"}");
        RawArray one = RawArray.zeros(DType.DOUBLE, 1);
        Shard shard = new Shard(1, one, one);
        double[] theta = {0.3, 1.1};
        try (Engine engine = new ProgramFactory(model, DType.DOUBLE, 0, 1, 1).create(null)) {
            double[] first = gradient(engine, shard, theta, new double[2], 0);
            RawArray reused = RawArray.of(new double[] {5, 5});
            engine.evaluate(new Quantity.Gradient(), shard, new int[] {0}, Point.at(reused));
            reused.assign(theta);
            assertArrayEquals(
                    first,
                    engine.evaluate(new Quantity.Gradient(), shard, new int[] {0}, Point.at(reused))
                            .meanGradient());
        }
    }

    @Test
    void aSeedReachesTheProgramsOfAllDerivatives() {
        ModelDescription model = new ModelDescription(
                "{\"model\":\"perceptron\",\"layers\":[4,6,3],\"activation\":\"tanh\",\"loss\":\"nll\",\"dropout\":0.5}");
        Partition whole = Partitions.parse("trivial", model.build().layout());
        RawArray theta = RawArray.of(model.initialParameters(1));
        double[] v = model.initialParameters(2);
        Shard shard = new Shard(
                3, RawArray.of(new Random(3).doubles(12, -1, 1).toArray()), RawArray.of(new double[] {0, 2, 1}));
        int[] rows = {0, 1, 2};
        ProgramFactory factory = new ProgramFactory(model, DType.DOUBLE, 2, 3, 3);
        double[] found = new double[3];
        try (Engine summaries = factory.create(whole);
                Engine products = factory.create(null)) {
            Long[] seeds = {7L, 8L, null};
            for (int i = 0; i < seeds.length; i++) {
                Point<RawArray> point = new Point<>(theta, RawArray.of(v), seeds[i]);
                DerivativeSummary expected = summaries.evaluate(new Quantity.Summary(whole), shard, rows, point);
                double[] product = products.evaluate(new Quantity.HessianVector(), shard, rows, point)
                        .product()
                        .toDoubles();
                found[i] = IntStream.range(0, v.length)
                        .mapToDouble(p -> v[p] * product[p])
                        .sum();
                assertEquals(expected.h()[0][0], found[i], 1e-12);
                TaylorTerms terms = summaries.evaluate(new Quantity.Terms(3), shard, rows, point);
                assertEquals(expected.order3()[0], terms.derivative(3), 1e-11);
                DerivativeTensor tensor = summaries.evaluate(new Quantity.Derivatives(whole, 2), shard, rows, point);
                assertEquals(expected.h()[0][0], tensor.get(0, 0), 1e-12);
            }
        }
        assertEquals(3, DoubleStream.of(found).distinct().count());
    }

    private static double[] gradient(Engine engine, Shard shard, double[] theta, double[] v, double step) {
        RawArray moved = RawArray.of(new double[] {theta[0] + step * v[0], theta[1] + step * v[1]});
        return engine.evaluate(new Quantity.Gradient(), shard, new int[] {0}, Point.at(moved))
                .meanGradient();
    }
}

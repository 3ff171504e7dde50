package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
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
            engine.setParameters(RawArray.of(new double[] {0.3, 1.1}));
            double loss = engine.loss(new Shard(1, one, one), new int[] {0}).loss();
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
            engine.setParameters(RawArray.of(theta));
            engine.setDirection(RawArray.of(v));
            double[] found = engine.hessianVector(shard, rows).meanProduct();
            for (int p = 0; p < 2; p++) {
                assertEquals((up[p] - down[p]) / (2 * h), found[p], 1e-5);
            }
            engine.setParameters(RawArray.of(new double[] {0.3 + h * v[0], 1.1 + h * v[1]}));
            assertArrayEquals(up, engine.gradient(shard, rows).meanGradient());
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
            for (Engine engine : List.of(summaries, products)) {
                engine.setParameters(theta);
                engine.setDirection(RawArray.of(v));
            }
            Long[] seeds = {7L, 8L, null};
            for (int i = 0; i < seeds.length; i++) {
                summaries.setSeed(seeds[i]);
                products.setSeed(seeds[i]);
                DerivativeSummary expected = summaries.summary(shard, rows);
                double[] product = products.hessianVector(shard, rows).product().toDoubles();
                found[i] = IntStream.range(0, v.length)
                        .mapToDouble(p -> v[p] * product[p])
                        .sum();
                assertEquals(expected.h()[0][0], found[i], 1e-12);
                assertEquals(
                        expected.order3()[0], summaries.terms(shard, rows, 3).derivative(3), 1e-11);
                assertEquals(
                        expected.h()[0][0],
                        summaries.derivatives(shard, rows, 2).get(0, 0),
                        1e-12);
            }
        }
        assertEquals(3, DoubleStream.of(found).distinct().count());
    }

    private static double[] gradient(Engine engine, Shard shard, double[] theta, double[] v, double step) {
        engine.setParameters(RawArray.of(new double[] {theta[0] + step * v[0], theta[1] + step * v[1]}));
        return engine.gradient(shard, new int[] {0}).meanGradient();
    }
}

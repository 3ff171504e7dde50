package io.etastar.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
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

    private static double[] gradient(Engine engine, Shard shard, double[] theta, double[] v, double step) {
        engine.setParameters(RawArray.of(new double[] {theta[0] + step * v[0], theta[1] + step * v[1]}));
        return engine.gradient(shard, new int[] {0}).meanGradient();
    }
}

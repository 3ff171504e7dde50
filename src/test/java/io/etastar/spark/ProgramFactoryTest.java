package io.etastar.spark;

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
}

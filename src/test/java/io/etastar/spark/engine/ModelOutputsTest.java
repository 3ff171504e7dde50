package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.spark.SparkTestSession;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelOutputsTest {
    private static final ModelDescription MODEL = new ModelDescription(
            "{\"model\":\"perceptron\",\"layers\":[2,2],\"activation\":\"identity\",\"loss\":\"nll\",\"input\":[2]}");
    private static final ProgramFactory ENGINES = new ProgramFactory(MODEL, DType.FLOAT, 0, 1, 1);

    /** What a task that held an engine could borrow. */
    private static volatile Engine idle;

    @BeforeEach
    void empty() {
        EnginePool.clear();
    }

    /** x W + b with W = [[1, 2], [3, 4]], b = [0, bias]. */
    private static Point<RawArray> point(float bias) {
        return Point.at(RawArray.of(new float[] {1, 2, 3, 4, 0, bias}));
    }

    private static Shard row(float u, float v) {
        return new Shard(1, RawArray.of(new float[] {u, v}), RawArray.of(new float[1]));
    }

    private static Double first(Point<RawArray> point, int row) {
        double[] outputs = ModelOutputs.ofRow(MODEL, point, row(row, 1)).toDoubles();
        if (row == 1) {
            idle = EnginePool.borrow(ENGINES, null);
        }
        return outputs[0];
    }

    @Test
    void aTaskHoldsItsEngineUntilItEnds() {
        Engine engine = ENGINES.create(null);
        EnginePool.giveBack(ENGINES, null, engine);
        Point<RawArray> point = point(0);
        try (SparkTestSession session = SparkTestSession.open("local[1]")) {
            List<Double> outputs = session.context()
                    .parallelize(List.of(0, 1, 2, 3), 1)
                    .map(row -> first(point, row))
                    .collect();
            assertEquals(List.of(3.0, 4.0, 5.0, 6.0), outputs);
        }
        assertNotSame(engine, idle);
        assertSame(engine, EnginePool.borrow(ENGINES, null));
    }

    @Test
    void pointsByTurnsAreNotTakenForEachOther() {
        Point<RawArray> zero = point(0);
        Point<RawArray> one = point(1);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    new double[] {4, 6},
                    ModelOutputs.ofRow(MODEL, zero, row(1, 1)).toDoubles());
            assertArrayEquals(
                    new double[] {4, 7},
                    ModelOutputs.ofRow(MODEL, one, row(1, 1)).toDoubles());
        }
    }

    @Test
    void batchNormalisationMixesRowsAndPerceptronsDoNot() {
        assertFalse(ModelOutputs.mixRows(MODEL));
        assertTrue(ModelOutputs.mixRows(new ModelDescription("{\"model\":\"resnet18\",\"width\":2,\"in_channels\":1,"
                + "\"image_size\":9,\"classes\":3,\"activation\":\"tanh\",\"loss\":\"nll\",\"input\":[1,9,9]}")));
    }
}

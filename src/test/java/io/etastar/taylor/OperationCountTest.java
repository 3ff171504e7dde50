package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import org.junit.jupiter.api.Test;

class OperationCountTest {
    private static final int FIRST = 2 * 4 * 5;
    private static final int SECOND = 2 * 5 * 3;

    /** Weight and bias of the first layer are live in front of the second. */
    @Test
    void ofTwoLayers() {
        Model model = new ModelDescription(
                        "{\"model\":\"perceptron\",\"layers\":[4,5,3],\"activation\":\"tanh\",\"loss\":\"nll\"}")
                .build();
        Partition canonical = Partitions.parse("canonical", model.layout());
        assertEquals(3 * (FIRST + SECOND), OperationCount.gradient(model));
        assertEquals(4 * FIRST + (3 + 2 * 2 + 1) * SECOND, OperationCount.summary(model, canonical, Curvature.HESSIAN));
        assertEquals(2 * FIRST + (1 + 2 + 1) * SECOND, OperationCount.summary(model, canonical, Curvature.GGN));
    }
}

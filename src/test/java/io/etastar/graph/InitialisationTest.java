package io.etastar.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Initial parameters: seeded, scaled by fan-in. */
class InitialisationTest {
    private static final double SIGMA = 1.5;
    private static final String LENET = "{\"model\":\"lenet\",\"layers\":[3,20,30,60,50,10],\"image_size\":20,"
            + "\"kernel\":3,\"activation\":\"tanh\",\"loss\":\"nll\",\"sigma_w\":" + SIGMA + "}";

    @Test
    void theSeedGivesTheBytes() {
        double[] first = new ModelDescription(LENET).initialParameters(7);
        assertArrayEquals(first, new ModelDescription(LENET).initialParameters(7));
        assertFalse(Arrays.equals(first, new ModelDescription(LENET).initialParameters(8)));
    }

    @Test
    void weightsAreScaledByTheirFanInAndBiasesAreZero() {
        ModelDescription description = new ModelDescription(LENET);
        ParameterLayout layout = description.build().layout();
        double[] theta = description.initialParameters(1);
        assertEquals(layout.size(), theta.length);
        for (int i = 0; i < layout.count(); i++) {
            double[] part = Arrays.copyOfRange(theta, layout.offset(i), layout.offset(i) + layout.length(i));
            if (layout.name(i).endsWith("bias")) {
                assertArrayEquals(new double[part.length], part, layout.name(i));
            } else {
                int[] shape = layout.shape(i);
                int fanIn = shape.length == 2 ? shape[0] : shape[1] * shape[2] * shape[3];
                check(layout.name(i), part, SIGMA / Math.sqrt(fanIn));
            }
        }
    }

    /** Mean and standard deviation within five standard errors. */
    private static void check(String name, double[] values, double deviation) {
        double n = values.length;
        double mean = Arrays.stream(values).sum() / n;
        double square = Arrays.stream(values).map(v -> v * v).sum() / n;
        assertEquals(0, mean, 5 * deviation / Math.sqrt(n), "mean of " + name);
        assertEquals(deviation, Math.sqrt(square), 5 * deviation / Math.sqrt(2 * n), "deviation of " + name);
    }

    @Test
    void theRosenbrockFunctionStartsFromAStandardNormal() {
        double[] theta = new ModelDescription("{\"model\":\"rosenbrock\",\"d\":5000}").initialParameters(3);
        assertEquals(10000, theta.length);
        check("theta", theta, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"wide\""})
    void aDeviationThatIsNotPositiveIsRefused(String sigma) {
        ModelDescription wrong = new ModelDescription(LENET.replace("\"sigma_w\":" + SIGMA, "\"sigma_w\":" + sigma));
        String message =
                assertThrows(UserError.class, () -> wrong.initialParameters(1)).getMessage();
        assertTrue(message.startsWith("model.sigma_w: found ") && message.contains("expected a"), message);
    }
}

package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StepLengthTest {
    private static double random(Random random) {
        return random.nextGaussian() * Math.pow(10, random.nextInt(7) - 3);
    }

    /** h e + k e^2 / 2 = g. */
    @Property(seed = "1", tries = 500)
    void solvesItsEquation(@ForAll long seed) {
        Random random = new Random(seed);
        double g = Math.abs(random(random));
        double h = random(random);
        double k = Math.abs(random(random));
        double e = StepLength.of(g, h, k);
        assertTrue(e > 0);
        double size = g + Math.abs(h) * e + k * e * e / 2;
        assertEquals(0, (h * e + k * e * e / 2 - g) / size, 1e-9);
        assertEquals(0, StepLength.of(-g, h, k));
    }

    @Test
    void withoutABoundThereIsNone() {
        assertEquals(0, StepLength.of(1, 0, 0));
        assertEquals(0, StepLength.of(1, -1, 0));
        assertEquals(2, StepLength.of(1, 0.5, 0), 1e-15);
        assertEquals(0, StepLength.of(Double.NaN, 1, 1));
    }
}

package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.etastar.data.PixelPrediction;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images of 2 x 2 pixels by one layer, whose weights are set by hand. */
class PixelDrawingTest {
    private static final int INPUTS = PixelPrediction.CHANNELS * 4;
    /** Where an input is whether the first pixel is known, 1 or -1. */
    private static final int FIRST_KNOWN = 2 * 4;
    /** Where an input is the first pixel's grey level / 256. */
    private static final int FIRST = 0;

    private final float[] parameters = new float[(INPUTS + 1) * PixelPrediction.LEVELS];

    private void weight(int input, int level, float value) {
        parameters[input * PixelPrediction.LEVELS + level] = value;
    }

    private void bias(int level, float value) {
        weight(INPUTS, level, value);
    }

    private int[][] draw(int count, long seed) {
        String json =
                "{\"model\":\"perceptron\",\"layers\":[20,256],\"activation\":\"identity\",\"loss\":\"nll\",\"input\":[5,2,2]}";
        return PixelDrawing.draw(
                new TrainedNetwork(
                        new ModelDescription(json),
                        Point.at(RawArray.of(parameters)),
                        new int[] {PixelPrediction.CHANNELS, 2, 2},
                        1,
                        null),
                count,
                seed);
    }

    /** Level 200 for the first pixel; then 3 if what was drawn is as bright as that, else 9. */
    @Test
    void aPixelIsDrawnGivenThoseBeforeIt() {
        weight(FIRST_KNOWN, 200, -1000);
        weight(FIRST, 3, 2000);
        bias(3, -500);
        bias(9, 500);
        for (int[] image : draw(5, 1)) {
            assertArrayEquals(new int[] {200, 3, 3, 3}, image);
        }
        weight(FIRST, 3, 1000);
        for (int[] image : draw(5, 1)) {
            assertArrayEquals(new int[] {200, 9, 9, 9}, image);
        }
    }

    /** Odds of 3 to 1. */
    @Test
    void levelsAreAsFrequentAsTheirProbability() {
        Arrays.fill(parameters, 0);
        IntStream.range(0, PixelPrediction.LEVELS).forEach(level -> bias(level, -100));
        bias(0, (float) Math.log(3));
        bias(255, 0);
        int[][] images = draw(1000, 7);
        long white = Arrays.stream(images)
                .flatMapToInt(Arrays::stream)
                .filter(level -> level == 255)
                .count();
        long black = Arrays.stream(images)
                .flatMapToInt(Arrays::stream)
                .filter(level -> level == 0)
                .count();
        assertEquals(4000, white + black);
        // Five deviations.
        assertEquals(1000, white, 5 * Math.sqrt(4000 * 0.25 * 0.75));
        assertArrayEquals(images, draw(1000, 7));
        assertFalse(Arrays.deepEquals(images, draw(1000, 8)));
    }
}

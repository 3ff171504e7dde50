package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static final int[] GREY = {1, 3, 4};

    /** Row r's pixel p has grey level (17 r + 5 p + 1) mod 256. */
    private static Shard grey(int rows, double[] weights) {
        float[] features = new float[rows * 12];
        float[] targets = new float[rows];
        for (int i = 0; i < features.length; i++) {
            features[i] = level(i / 12, i % 12) / 255f;
        }
        return new Shard(rows, RawArray.of(features), RawArray.of(targets), weights);
    }

    private static int level(int row, int pixel) {
        return (17 * row + 5 * pixel + 1) % 256;
    }

    @Test
    void pixelsAreToBeToldFromThoseBeforeThem() {
        int[] rows = IntStream.range(0, 200).map(i -> 199 - i).toArray();
        double[] weights = IntStream.range(0, 200).mapToDouble(i -> i).toArray();
        Shard made = new PixelPrediction(GREY).apply(grey(200, weights), rows, 3);
        assertEquals(60, made.featureLength());
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < rows.length; i++) {
            float[] x = Arrays.copyOfRange(made.features().floats(), 60 * i, 60 * i + 60);
            int visible = (int) IntStream.range(24, 36).filter(p -> x[p] == 1).count();
            chosen.add(visible);
            assertEquals(level(rows[i], visible), made.targets().get(i), "the first pixel that is not seen");
            for (int p = 0; p < 12; p++) {
                assertEquals(p < visible ? level(rows[i], p) / 256f : 0, x[p]);
                assertEquals(p % 4 < visible % 4 ? 1 : -1, x[12 + p], "columns");
                assertEquals(p < visible ? 1 : -1, x[24 + p], "seen");
                assertEquals(p / 4 - 1f, x[36 + p], "down");
                assertEquals(p % 4 * 2 / 3f - 1, x[48 + p], 1e-6, "along");
            }
            assertEquals(rows[i], made.weight(i));
        }
        assertEquals(12, chosen.size(), "every pixel is asked for at times");
    }

    @Test
    void theSeedDecides() {
        for (BatchTransform transform : new BatchTransform[] {new PixelPrediction(GREY), new CropAndFlip(GREY)}) {
            Shard shard = grey(50, null);
            int[] rows = IntStream.range(0, 50).toArray();
            float[] first = transform.apply(shard, rows, 1).features().floats();
            assertArrayEquals(
                    first, transform.apply(grey(50, null), rows, 1).features().floats());
            assertNotEquals(
                    Arrays.hashCode(first),
                    Arrays.hashCode(transform.apply(shard, rows, 2).features().floats()));
            assertArrayEquals(
                    grey(50, null).features().floats(), shard.features().floats(), "left as it was");
        }
    }

    @Test
    void imagesAreShiftedAndMirrored() {
        int side = 6;
        int count = 400;
        float[] features = new float[2 * side * side];
        for (int i = 0; i < features.length; i++) {
            features[i] = i + 1;
        }
        Shard one = new Shard(1, RawArray.of(features), RawArray.of(new float[] {7}), new double[] {3});
        Shard made = new CropAndFlip(new int[] {2, side, side}).apply(one, new int[count], 5);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            float[] x = Arrays.copyOfRange(made.features().floats(), i * features.length, (i + 1) * features.length);
            seen.add(match(features, x, side));
            assertEquals(7, made.targets().get(i));
            assertEquals(3, made.weight(i));
        }
        // Of 162 ways; 400 draws leave few out.
        assertTrue(seen.size() > 130, "ways seen: " + seen.size());
        long mirrored = seen.stream().filter(way -> way.endsWith("true")).count();
        assertTrue(mirrored > 50 && seen.size() - mirrored > 50, "both mirrored and not: " + seen);
    }

    /** The shift and mirroring that makes {@code x} of {@code original}; written independently of the transform. */
    private static String match(float[] original, float[] x, int side) {
        for (int down = -4; down <= 4; down++) {
            for (int right = -4; right <= 4; right++) {
                for (boolean mirrored : new boolean[] {false, true}) {
                    if (Arrays.equals(x, moved(original, side, down, right, mirrored))) {
                        return down + " " + right + " " + mirrored;
                    }
                }
            }
        }
        throw new AssertionError("no shift: " + Arrays.toString(x));
    }

    private static float[] moved(float[] original, int side, int down, int right, boolean mirrored) {
        float[] result = new float[original.length];
        for (int c = 0; c < 2; c++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int fromY = y + down;
                    int fromX = (mirrored ? side - 1 - x : x) + right;
                    boolean inside = fromY >= 0 && fromY < side && fromX >= 0 && fromX < side;
                    result[(c * side + y) * side + x] = inside ? original[(c * side + fromY) * side + fromX] : 0;
                }
            }
        }
        return result;
    }

    @Test
    void aTransformRefusesRowsOfAnotherShape() {
        UserError error = assertThrows(UserError.class, () -> new PixelPrediction(new int[] {64}));
        assertEquals(
                "data.transform: found pixels for rows of shape [64], expected grey images [1, H, W]",
                error.getMessage());
        assertThrows(UserError.class, () -> new CropAndFlip(new int[] {64}));
    }
}

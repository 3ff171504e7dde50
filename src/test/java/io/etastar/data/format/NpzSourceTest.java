package io.etastar.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Ranges;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzSourceTest {
    @TempDir
    Path directory;

    private static NpzFile.Array array(boolean integral, int... shape) {
        int length = Ranges.length(shape);
        return new NpzFile.Array(
                shape, IntStream.range(0, length).mapToDouble(i -> i % 3).toArray(), integral);
    }

    private String write(Object... namesAndArrays) throws IOException {
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < namesAndArrays.length; i += 2) {
            arrays.put((String) namesAndArrays[i], (NpzFile.Array) namesAndArrays[i + 1]);
        }
        String file = directory.resolve("data.npz").toString();
        NpzFile.write(file, arrays);
        return file;
    }

    @Test
    void featuresAndLabels() throws IOException {
        String file = write("x", array(true, 6, 2, 2), "y", array(true, 6));
        DataSource source = NpzSource.open(file, true, 3, "auto");
        assertArrayEquals(new int[] {1, 2, 2}, source.shape().features());
        assertArrayEquals(new float[] {2, 0, 1}, source.read(2, 5).targets().floats());
        assertArrayEquals(new float[] {2, 0, 1, 2}, source.read(2, 3).features().floats());
        assertFalse(NpzSource.hasTestRows(file));
        assertEquals(1, source.inspect().mean()[0], 1e-9);
    }

    @Test
    void testRowsAndTargetsThatAreNumbers() throws IOException {
        String file = write(
                "x_train",
                array(false, 3, 4),
                "y_train",
                array(false, 3, 2),
                "x_test",
                array(false, 2, 4),
                "y_test",
                array(false, 2, 2));
        assertTrue(NpzSource.hasTestRows(file));
        assertArrayEquals(
                new int[] {2}, NpzSource.open(file, true, 0, "auto").shape().targets());
        assertEquals(2, NpzSource.open(file, false, 0, "auto").rows());
    }

    private static String message(String file, boolean train, int classes) {
        String message = assertThrows(
                        UserError.class,
                        () -> NpzSource.open(file, train, classes, "auto").inspect())
                .getMessage();
        assertEquals(1, message.lines().count());
        return message.replace(file, "F");
    }

    @Test
    void whatDoesNotFit() throws IOException {
        String file = write("x", array(true, 6, 2), "z", array(true, 6));
        assertEquals("F: found arrays x, z; expected y_train or y or labels", message(file, true, 3));
        assertEquals(
                "F: found arrays x, z; expected x_test, the test rows, or data.test_share", message(file, false, 3));
        file = write("x", array(true, 6, 2), "y", array(true, 5));
        assertEquals(
                "F: found features of shape [6, 2] and targets of shape [5], expected [N, F], [N, H, W] or [N, C, H, W]"
                        + " and [N] (class indices) with the same N, at least 1",
                message(file, true, 3));
        file = write("x", array(true, 6, 2), "y", array(true, 6));
        assertEquals("F, train: row 2: found label 2.0, expected a whole number from 0 to 1", message(file, true, 2));
    }

    private static DataSource rough(String name, boolean train, int classes) {
        return NpzSource.open(resource(name), train, classes, "auto");
    }

    @Tag("rough")
    @Test
    void arraysThatAreNotUsed() {
        assertEquals(60, rough("more-arrays.npz", true, 3).rows());
    }

    @Tag("rough")
    @Test
    void halfPrecisionAndSmallIntegers() {
        DataSource source = rough("half-precision.npz", true, 3);
        float[] features = source.read(0, 60).features().floats();
        for (float value : features) {
            assertTrue(value >= 0 && value <= 1 && value * (1 << 24) == Math.rint(value * (1 << 24)));
        }
        assertArrayEquals(
                new float[] {0, 1, 2, 0},
                rough("half-precision.npz", false, 3).read(0, 4).targets().floats());
    }

    @Tag("rough")
    @Test
    void channelsLastAndLabelsInAColumn() {
        DataSource source = rough("channels-last.npz", true, 3);
        assertArrayEquals(new int[] {3, 8, 8}, source.shape().features());
        double[] stored = NpzFile.read(resource("channels-last.npz"))
                .arrays()
                .get("x_train")
                .values();
        float[] features = source.read(1, 2).features().floats();
        assertEquals((float) stored[192 + 3 * (8 * 2 + 5) + 1], features[64 + 8 * 2 + 5]);
    }

    private static String resource(String name) {
        return Path.of(URI.create(
                        NpzSourceTest.class.getResource("/rough/" + name).toString()))
                .toString();
    }

    @Tag("rough")
    @Test
    void classesAreTheValuesThatThereAre() {
        assertEquals(
                3, rough("three-classes.npz", true, NpzSource.FOUND).shape().classes());
        for (int classes : new int[] {NpzSource.FOUND, 26}) {
            DataSource letters = rough("letters-from-one.npz", true, classes);
            letters.inspect();
            assertEquals(26, letters.shape().classes());
            assertEquals("26", letters.shape().classNames().get(25));
            assertEquals(0, letters.read(0, 1).targets().floats()[0]);
        }
    }
}

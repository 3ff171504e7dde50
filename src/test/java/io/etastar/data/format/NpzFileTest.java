package io.etastar.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {
    @TempDir
    private Path directory;

    private static Path resource(String name) {
        try {
            return Path.of(NpzFileTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] each(IntToDoubleFunction value) {
        return IntStream.range(0, 24).mapToDouble(value).toArray();
    }

    @Test
    void everyTypeAsNumpyWritesIt() {
        Map<String, NpzFile.Array> arrays =
                NpzFile.read(resource("dtypes.npz").toString()).arrays();
        assertArrayEquals(each(i -> (float) (i / 7.0)), arrays.get("f4").values());
        assertArrayEquals(each(i -> i / 7.0), arrays.get("f8").values());
        assertArrayEquals(each(i -> i - 5), arrays.get("i4").values());
        assertArrayEquals(each(i -> i * 1e12), arrays.get("i8").values());
        assertArrayEquals(each(i -> i * 11), arrays.get("u1").values());
        assertArrayEquals(each(i -> i % 3 == 0 ? 1 : 0), arrays.get("b1").values());
        assertArrayEquals(each(i -> i / 7.0), arrays.get("fortran").values());
        assertArrayEquals(new int[] {2, 3, 4}, arrays.get("fortran").shape());
        assertArrayEquals(new int[0], arrays.get("scalar").shape());
        assertArrayEquals(new double[] {2.5}, arrays.get("scalar").values());
        assertArrayEquals(new int[] {0, 3}, arrays.get("empty").shape());
        assertArrayEquals(new int[] {3}, arrays.get("vector").shape());
        assertFalse(arrays.get("f4").integral());
        assertTrue(arrays.get("i8").integral()
                && arrays.get("u1").integral()
                && arrays.get("b1").integral());
    }

    @Test
    void storedEntries() {
        NpzFile data = NpzFile.read(resource("perceptron-data.npz").toString()).require("x", "y");
        assertArrayEquals(new int[] {6, 12}, data.arrays().get("x").shape());
        assertEquals(
                15.029041147945982,
                Arrays.stream(data.arrays().get("x").values()).sum(),
                1e-12);
        assertEquals(7, Arrays.stream(data.arrays().get("y").values()).sum());
        NpzFile.Array odd = NpzFile.read(resource("rosenbrock-parameters.npz").toString())
                .arrays()
                .get("xodd");
        assertArrayEquals(new double[] {0.64475411, 0.91050905, 0.06706871, 1.35815271}, odd.values(), 1e-8);
    }

    @Test
    void missingNamesAreListed() {
        String file = resource("perceptron-data.npz").toString();
        UserError e = assertThrows(UserError.class, () -> NpzFile.read(file).require("x", "w", "v"));
        assertEquals(file + ": found arrays x, y; expected x, w, v; missing w, v", e.getMessage());
    }

    @Test
    void writesWhatItReads() throws IOException {
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();
        double[] values = {1.5, Double.NaN, -0.0, 1e300, 5, 6};
        arrays.put("layers.0.weight", new NpzFile.Array(new int[] {2, 3}, values, false));
        arrays.put("step", new NpzFile.Array(new int[0], new double[] {-7}, true));
        Path file = directory.resolve("a b%20.npz");
        NpzFile.write(file.toString(), arrays);
        Map<String, NpzFile.Array> read = NpzFile.read(file.toString()).arrays();
        assertArrayEquals(values, read.get("layers.0.weight").values());
        assertArrayEquals(new int[] {2, 3}, read.get("layers.0.weight").shape());
        assertTrue(read.get("step").integral());
        assertEquals(-7, read.get("step").values()[0]);
        byte[] first = Files.readAllBytes(file);
        NpzFile.write(file.toString(), arrays);
        assertArrayEquals(first, Files.readAllBytes(file));
    }

    private UserError fails(Path file) {
        UserError e = assertThrows(UserError.class, () -> NpzFile.read(file.toString()));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        return e;
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Path file = directory.resolve("t.npz");
        for (String name : new String[] {"perceptron-data.npz", "dtypes.npz"}) {
            byte[] bytes = Files.readAllBytes(resource(name));
            for (int length = 0; length < bytes.length; length += 7) {
                Files.write(file, Arrays.copyOf(bytes, length));
                fails(file);
            }
        }
    }

    @Test
    void noFlippedByteIsMoreThanAUserError() throws IOException {
        Path file = directory.resolve("t.npz");
        byte[] bytes = Files.readAllBytes(resource("dtypes.npz"));
        int refused = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= (byte) 0xFF;
            Files.write(file, altered);
            try {
                NpzFile.read(file.toString());
            } catch (UserError e) {
                refused++;
            }
        }
        assertTrue(refused > bytes.length / 3, refused + " of " + bytes.length);
    }

    @Test
    void missingFileAndForeignDtype() {
        assertTrue(fails(directory.resolve("no.npz")).getMessage().contains("no such file"));
        Path complex = resource("complex.npz");
        assertEquals(
                complex + ": array c: found dtype <c16, expected floats of 16 to 64 bits, integers of 8 to 64 bits"
                        + " or bool",
                fails(complex).getMessage());
    }

    private UserError entry(byte[] content) throws IOException {
        Path file = directory.resolve("e.npz");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(content);
        }
        return fails(file);
    }

    private static byte[] npy(String header, int data) {
        return ByteBuffer.allocate(10 + header.length() + data)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .put((byte) header.length())
                .put((byte) (header.length() >> 8))
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private void assertRefused(String part, String header, int data) throws IOException {
        String message = entry(npy(header, data)).getMessage();
        assertTrue(message.contains("array a: " + part), message);
    }

    @Test
    void hostileArrays() throws IOException {
        String shape = "'fortran_order': False, 'shape': ";
        assertTrue(entry(new byte[50]).getMessage().contains("does not begin as an .npy array"));
        assertRefused("found 8 bytes of data, expected 16", "{'descr': '<f8', " + shape + "(2,), }", 8);
        assertRefused("found 24 bytes of data, expected 16", "{'descr': '<f8', " + shape + "(2,), }", 24);
        assertRefused("found 8 bytes of data", "{'descr': '<f8', " + shape + "(2000000000, 2000000000), }", 8);
        assertRefused("found shape (99999999999", "{'descr': '<f8', " + shape + "(99999999999,), }", 8);
        assertRefused("header is not understood", "{'descr': '<f8', " + shape + "(-1,), }", 8);
        assertRefused("header is not understood", "{'descr': '<f8' }", 8);
        assertRefused("found dtype <f1", "{'descr': '<f1', " + shape + "(1,), }", 8);
        assertRefused("found dtype |O", "{'descr': '|O', " + shape + "(1,), }", 8);
        assertRefused("found dtype of records", "{'descr': [('a', '<f8')], " + shape + "(1,), }", 8);
        byte[] long64 = npy("{'descr': '<i8', " + shape + "(1,), }", 8);
        long64[long64.length - 1] = 1;
        assertTrue(entry(long64).getMessage().contains("expected integers within 2^53"));
        byte[] version2 = npy("{'descr': '<f8', " + shape + "(1,), }", 8);
        version2[6] = 2;
        assertTrue(entry(version2).getMessage().contains("found .npy version 2 with a header of"));
    }
}

package io.etastar.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.UserError;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayFileTest {
    @TempDir
    private Path directory;

    private Path file;
    private org.apache.hadoop.fs.Path path;

    @BeforeEach
    void place() {
        file = directory.resolve("a.bin");
        path = FileAccess.path(file.toString());
    }

    private static ArrayFile sample() throws IOException {
        double[] wide = new double[40];
        Arrays.setAll(wide, i -> Math.sin(i) * 1e9);
        wide[3] = Double.NaN;
        Map<String, RawArray> arrays = new LinkedHashMap<>();
        arrays.put("wide", RawArray.of(wide));
        arrays.put("narrow", RawArray.of(new float[] {1.5f, -0f, Float.MAX_VALUE}));
        arrays.put("none", RawArray.of(new double[0]));
        JsonNode metadata = Json.parse("{\"z\": 1, \"a\": {\"y\": 0.1, \"b\": [true, null]}}");
        return new ArrayFile(metadata, arrays);
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        ArrayFile sample = sample();
        sample.write(path);
        ArrayFile read = ArrayFile.read(path);
        assertEquals(sample.metadata(), read.metadata());
        assertEquals(
                List.of("wide", "narrow", "none"), List.copyOf(read.arrays().keySet()));
        assertArrayEquals(
                sample.arrays().get("wide").doubles(), read.arrays().get("wide").doubles());
        assertArrayEquals(
                sample.arrays().get("narrow").floats(),
                read.arrays().get("narrow").floats());
        assertEquals(0, read.arrays().get("none").length());
    }

    @Test
    void arraysLongerThanABuffer() throws IOException {
        double[] values = new double[100_003];
        Arrays.setAll(values, i -> i / 3.0);
        new ArrayFile(Json.parse("{}"), Map.of("v", RawArray.of(values))).write(path);
        assertArrayEquals(values, ArrayFile.read(path).arrays().get("v").doubles());
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(values[100_002], tail.getDouble(bytes.length - 12));
    }

    @Test
    void equalContentGivesEqualBytesAndNothingElseIsLeft() throws IOException {
        sample().write(path);
        byte[] first = Files.readAllBytes(file);
        sample().write(path);
        assertArrayEquals(first, Files.readAllBytes(file));
        assertArrayEquals(new String[] {"a.bin"}, directory.toFile().list());
    }

    @Test
    void everyTruncationIsCorrupt() throws IOException {
        sample().write(path);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            String where = "length " + length;
            CorruptFileException e = assertThrows(CorruptFileException.class, () -> ArrayFile.read(path), where);
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertThrows(CorruptFileException.class, () -> ArrayFile.read(path));
    }

    @Test
    void everyFlippedBitIsCorrupt() throws IOException {
        sample().write(path);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            Files.write(file, flipped);
            assertThrows(CorruptFileException.class, () -> ArrayFile.read(path), "bit " + i);
        }
    }

    @Test
    void hostileHeadersWithARightChecksum() throws IOException {
        List<String> headers = List.of(
                "[]",
                "{\"arrays\":[],\"metadata\":3}",
                "{\"arrays\":[{\"name\":\"a\",\"dtype\":\"double\",\"length\":2147483647}],\"metadata\":{}}",
                "{\"arrays\":[{\"name\":\"a\",\"dtype\":\"double\",\"length\":-1}],\"metadata\":{}}",
                "{\"arrays\":[{\"name\":\"a\",\"dtype\":\"object\",\"length\":0}],\"metadata\":{}}",
                "{\"arrays\":[{\"name\":\"a\",\"dtype\":\"float\",\"length\":0},"
                        + "{\"name\":\"a\",\"dtype\":\"float\",\"length\":0}],\"metadata\":{}}",
                "[".repeat(100_000),
                "{\"arrays\":[],\"metadata\":{}} x",
                "");
        for (String header : headers) {
            Files.write(file, container(header.getBytes(StandardCharsets.UTF_8)));
            assertThrows(CorruptFileException.class, () -> ArrayFile.read(path), header);
        }
        Files.write(file, container("{\"arrays\":[],\"metadata\":{}}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(0, ArrayFile.read(path).arrays().size());
    }

    private static byte[] container(byte[] header) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put("ETASTAR1".getBytes(StandardCharsets.US_ASCII))
                .putInt(header.length)
                .put(header);
        CRC32C sum = new CRC32C();
        sum.update(buffer.array(), 0, 12 + header.length);
        return buffer.putInt((int) sum.getValue()).array();
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        sample().write(path);
        byte[] before = Files.readAllBytes(file);
        assertThrows(
                IOException.class,
                () -> AtomicFile.write(path, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertArrayEquals(new String[] {"a.bin"}, directory.toFile().list());
    }

    @Test
    void aMissingFileIsTheUsersError() {
        UserError e = assertThrows(UserError.class, () -> ArrayFile.read(path));
        assertEquals(file + ": no such file", e.getMessage());
    }
}

package io.etastar.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxSourceTest {
    private static final String IMAGES = "train-images-idx3-ubyte";
    private static final String LABELS = "train-labels-idx1-ubyte";
    private static final byte[] PIXELS = new byte[5 * 2 * 3];
    private static final byte[] CLASSES = {0, 9, 3, 1, 1};

    static {
        for (int i = 0; i < PIXELS.length; i++) {
            PIXELS[i] = (byte) (i * 8);
        }
    }

    @TempDir
    private Path directory;

    private static byte[] idx(int magic, byte[] data, int... sizes) {
        ByteBuffer buffer =
                ByteBuffer.allocate(4 + 4 * sizes.length + data.length).putInt(magic);
        Arrays.stream(sizes).forEach(buffer::putInt);
        return buffer.put(data).array();
    }

    private static byte[] images() {
        return idx(0x803, PIXELS, 5, 2, 3);
    }

    private static byte[] labels() {
        return idx(0x801, CLASSES, 5);
    }

    private void put(String name, byte[] bytes, boolean gzip) throws IOException {
        for (String ending : new String[] {"", ".gz"}) {
            Files.deleteIfExists(directory.resolve(name + ending));
        }
        try (OutputStream out = Files.newOutputStream(directory.resolve(name + (gzip ? ".gz" : "")))) {
            if (gzip) {
                try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
                    zipped.write(bytes);
                }
            } else {
                out.write(bytes);
            }
        }
    }

    private IdxSource open() {
        return IdxSource.open(directory.toString(), true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAnyRange(boolean gzip) throws IOException {
        put(IMAGES, images(), gzip);
        put(LABELS, labels(), !gzip);
        IdxSource source = open();
        assertArrayEquals(new int[] {1, 2, 3}, source.shape().features());
        assertEquals(5, source.rows());
        assertEquals(10, source.shape().classes());
        for (int from = 0; from <= 5; from++) {
            for (int to = from; to <= 5; to++) {
                Shard shard = source.read(from, to);
                assertEquals(to - from, shard.rows());
                for (int i = 0; i < (to - from) * 6; i++) {
                    assertEquals((from * 6 + i) * 8 / 255f, shard.features().floats()[i]);
                }
                for (int i = from; i < to; i++) {
                    assertEquals(CLASSES[i], shard.targets().floats()[i - from]);
                }
            }
        }
        Standardisation s = source.inspect();
        assertEquals(8 * 14.5 / 255, s.mean()[0], 1e-15);
        assertEquals(8 * Math.sqrt((900 - 1) / 12.0) / 255, s.deviation()[0], 1e-15);
    }

    @Test
    void dottedNamesAndTheTestPart() throws IOException {
        put("t10k-images.idx3-ubyte", images(), false);
        put("t10k-labels.idx1-ubyte", labels(), true);
        assertEquals(
                5, IdxSource.open(directory.toString(), false, 12).read(0, 5).rows());
    }

    private void assertMessage(String expected) {
        UserError e = assertThrows(UserError.class, () -> open().inspect());
        String message = e.getMessage().replace(directory.toString(), "DIR");
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void missing() throws IOException {
        UserError e = assertThrows(UserError.class, () -> IdxSource.open(directory + "/no", true));
        assertEquals(directory + "/no: no such directory; expected IDX files in it", e.getMessage());
        assertMessage("DIR: found neither train-images-idx3-ubyte nor train-images.idx3-ubyte, plain or .gz");
        put(IMAGES, images(), false);
        assertMessage("DIR: found neither train-labels-idx1-ubyte nor train-labels.idx1-ubyte, plain or .gz");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongContent(boolean gzip) throws IOException {
        String at = "DIR/" + IMAGES + (gzip ? ".gz" : "") + ": ";
        put(LABELS, labels(), gzip);
        put(IMAGES, labels(), gzip);
        assertMessage(at + "truncated: found 13 bytes, expected 16");
        put(IMAGES, idx(0xD03, PIXELS, 5, 2, 3), gzip);
        assertMessage(at + "found magic 00000d03, expected 00000803");
        put(IMAGES, Arrays.copyOf(images(), 40), gzip);
        assertMessage(at + (gzip ? "truncated: found 40 bytes, expected 46" : "found 40 bytes, expected 46"));
        put(IMAGES, Arrays.copyOf(images(), 47), gzip);
        assertMessage(at + (gzip ? "found more bytes than the 46" : "found 47 bytes, expected 46"));
        put(IMAGES, idx(0x803, PIXELS, 6, 2, 3), gzip);
        assertMessage(at + (gzip ? "found 6 images, but 5 labels" : "found 46 bytes, expected 52"));
        put(IMAGES, idx(0x803, Arrays.copyOf(PIXELS, 24), 4, 2, 3), gzip);
        assertMessage(at + "found 4 images, but 5 labels in DIR/" + LABELS);
        put(IMAGES, idx(0x803, new byte[0], 0, 2, 3), gzip);
        assertMessage(at + "found sizes [0, 2, 3], expected at least one of each");
        put(IMAGES, idx(0x803, PIXELS, 5, Integer.MAX_VALUE, Integer.MAX_VALUE), gzip);
        assertMessage(at + (gzip ? "found images of 4611686014132420609 pixels" : "found 46 bytes, expected "));
        put(IMAGES, new byte[0], gzip);
        assertMessage(at + "truncated: found 0 bytes, expected 16");
    }

    @Test
    void damagedGzip() throws IOException {
        put(LABELS, labels(), true);
        put(IMAGES, images(), true);
        Path file = directory.resolve(IMAGES + ".gz");
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertMessage("DIR/" + IMAGES + ".gz: ");
        }
        bytes[bytes.length - 6] ^= 1;
        Files.write(file, bytes);
        assertMessage("damaged gzip");
        Files.write(file, images());
        assertMessage("found no whole gzip file (Not in GZIP format)");
    }

    @Test
    void labelOutOfRange() throws IOException {
        put(IMAGES, images(), true);
        put(LABELS, idx(0x801, new byte[] {0, 9, 3, (byte) 200, 1}, 5), true);
        assertMessage(LABELS + ".gz: row 3: found label 200, expected 0 to 9");
    }

    @Test
    void fashionMnist() {
        Path fashion = Path.of("/usr/share/datasets/fashion-mnist");
        assumeTrue(Files.isDirectory(fashion), "absent: " + fashion + " (Debian package dataset-fashion-mnist)");
        IdxSource source = IdxSource.open(fashion.toString(), true);
        assertEquals(60_000, source.rows());
        Standardisation s = source.inspect();
        assertEquals(0.2860405969887955, s.mean()[0], 1e-12);
        assertEquals(0.35302424451492237, s.deviation()[0], 1e-12);
        Shard last = source.read(59_995, 60_000);
        assertArrayEquals(new float[] {5, 1, 3, 0, 5}, last.targets().floats());
        double sum = 0;
        for (int i = 4 * 784; i < 5 * 784; i++) {
            sum += last.features().get(i) * 255;
        }
        assertEquals(16_684, sum, 1e-2);
        assertArrayEquals(
                new float[] {3, 3, 7, 8, 8},
                source.read(30_000, 30_005).targets().floats());
        assertEquals(10_000, IdxSource.open(fashion.toString(), false).rows());
    }
}

package io.etastar.data.format;

import io.etastar.testing.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Damaged and hostile IDX files, plain and gzipped. */
class IdxFuzzTest {
    private static final byte[] IMAGES = idx(0x803, 5, 2, 3);
    private static final byte[] LABELS = idx(0x801, 5);

    private static byte[] idx(int magic, int... sizes) {
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + count).putInt(magic);
        Arrays.stream(sizes).forEach(buffer::putInt);
        for (int i = 0; i < count; i++) {
            buffer.put((byte) i);
        }
        return buffer.array();
    }

    private static byte[] gzip(byte... content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void read(Path file) {
        IdxSource source = IdxSource.open(file.getParent().toString(), true);
        source.inspect();
        source.read(0, Math.min(source.rows(), 2));
        source.read(source.rows() - 1, source.rows());
    }

    @Test
    void images() throws Exception {
        Fuzz.of("idx-images", "train-images-idx3-ubyte")
                .beside("train-labels-idx1-ubyte", LABELS)
                .valid(IMAGES)
                .run(IdxFuzzTest::read);
    }

    @Test
    void labels() throws Exception {
        Fuzz.of("idx-labels", "train-labels-idx1-ubyte")
                .beside("train-images-idx3-ubyte", IMAGES)
                .valid(LABELS)
                .run(IdxFuzzTest::read);
    }

    @Test
    void gzippedImages() throws Exception {
        Fuzz.of("idx-gzipped", "train-images-idx3-ubyte.gz")
                .beside("train-labels-idx1-ubyte", LABELS)
                .valid(gzip(IMAGES))
                .valid(IMAGES, IdxFuzzTest::gzip)
                .run(IdxFuzzTest::read);
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX files that are missing, cut off or wrong: one line that names the file, exit code 2, no Spark. */
class BadIdxInputTest {
    private static final int ROWS = 30;

    @TempDir
    Path directory;

    private Path data;
    private Path conf;

    @BeforeEach
    void write() throws IOException {
        data = Files.createDirectory(directory.resolve("data"));
        conf = Files.writeString(
                directory.resolve("images.conf"),
                "model.layers = [4, 3]\ndata { source = idx, path = \"" + data + "\" }\n"
                        + "training { epochs = 1, batch = 10 }\n");
        for (String prefix : new String[] {"train", "t10k"}) {
            byte[] pixels = new byte[ROWS * 4];
            byte[] labels = new byte[ROWS];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (i * 37);
                labels[i / 4] = (byte) (i / 4 % 3);
            }
            Files.write(data.resolve(prefix + "-images-idx3-ubyte"), idx(pixels, ROWS, 2, 2));
            Files.write(data.resolve(prefix + "-labels-idx1-ubyte"), idx(labels, ROWS));
        }
    }

    private static byte[] idx(byte[] content, int... sizes) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + content.length);
        buffer.putInt(8 << 8 | sizes.length);
        Arrays.stream(sizes).forEach(buffer::putInt);
        return buffer.put(content).array();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private String error() {
        Path run = directory.resolve("run");
        String error = JobRun.error(Train::run, conf.toString(), "--output", run.toString());
        assertTrue(Files.notExists(run), "the run's directory");
        return error.replace(directory + "/", "");
    }

    @Test
    void goodFilesTrain() throws IOException {
        Path labels = data.resolve("train-labels-idx1-ubyte");
        Files.write(data.resolve("train-labels-idx1-ubyte.gz"), gzip(Files.readAllBytes(labels)));
        Files.delete(labels);
        JobRun.good(
                Train::run,
                conf.toString(),
                "--output",
                directory.resolve("run").toString());
    }

    @Test
    void missingFiles() throws IOException {
        Files.delete(data.resolve("t10k-labels-idx1-ubyte"));
        assertEquals(
                "data: found neither t10k-labels-idx1-ubyte nor t10k-labels.idx1-ubyte, plain or .gz; expected one of"
                        + " them",
                error());
        Files.writeString(conf, Files.readString(conf).replace("/data\"", "/nowhere\""));
        assertEquals("nowhere: no such directory; expected IDX files in it", error());
    }

    @Test
    void truncatedFiles() throws IOException {
        Path images = data.resolve("train-images-idx3-ubyte");
        byte[] whole = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(whole, whole.length - 1));
        assertEquals("data/train-images-idx3-ubyte: found 135 bytes, expected 136 for sizes [30, 2, 2]", error());
        Files.write(images, Arrays.copyOf(whole, 7));
        assertEquals("data/train-images-idx3-ubyte: truncated: found 7 bytes, expected 16", error());
        Files.delete(images);
        byte[] zipped = gzip(whole);
        Path gz = data.resolve("train-images-idx3-ubyte.gz");
        Files.write(gz, Arrays.copyOf(zipped, zipped.length - 20));
        assertTrue(error().startsWith("data/train-images-idx3-ubyte.gz: damaged gzip"), error());
        Files.write(gz, gzip(Arrays.copyOf(whole, 100)));
        assertEquals("data/train-images-idx3-ubyte.gz: truncated: found 100 bytes, expected 136", error());
    }

    @Test
    void labelsOutOfRange() throws IOException {
        byte[] labels = new byte[ROWS];
        labels[17] = 3;
        Files.write(data.resolve("t10k-labels-idx1-ubyte"), idx(labels, ROWS));
        assertEquals("data/t10k-labels-idx1-ubyte: row 17: found label 3, expected 0 to 2", error());
    }

    @Test
    void filesThatDoNotFitEachOther() throws IOException {
        Files.write(data.resolve("train-labels-idx1-ubyte"), idx(new byte[29], 29));
        assertEquals(
                "data/train-images-idx3-ubyte: found 30 images, but 29 labels in data/train-labels-idx1-ubyte",
                error());
        Files.write(data.resolve("train-labels-idx1-ubyte"), idx(new byte[ROWS * 4], ROWS, 2, 2));
        assertEquals(
                "data/train-labels-idx1-ubyte: found magic 00000803, expected 00000801 (unsigned bytes, 1 axes)",
                error());
    }
}

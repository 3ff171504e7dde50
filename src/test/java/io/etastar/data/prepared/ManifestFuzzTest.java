package io.etastar.data.prepared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests and files with any damage are read as they were or refused in one line. */
class ManifestFuzzTest {
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private byte[] manifest;
    private byte[] file;
    private Shard rows;

    @BeforeEach
    void write() throws IOException {
        float[] features = new float[ROWS * 3];
        float[] targets = new float[ROWS * 2];
        double[] weights = new double[ROWS];
        Random random = new Random(1);
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(100) / 8f;
            weights[i / 2] = i;
        }
        rows = new Shard(ROWS, RawArray.of(features), RawArray.of(targets), weights);
        RowFormat format =
                new RowFormat(new FeatureEncoding(new int[] {3}, FeatureEncoding.FLOAT, 1), new int[] {2}, 0, true);
        RowHash hash = new RowHash(new double[] {1, 0, 0}, 0);
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("file:" + directory);
        ManifestBuilder builder = new ManifestBuilder(path, format);
        builder.add(new PartWriter(path.toString(), format, hash).write(rows, "0"));
        builder.build("test", List.of(), new Manifest.Split("hash", RowHash.FUNCTION, 0, hash.shares()));
        manifest = Files.readAllBytes(directory.resolve(Manifest.FILE));
        file = Files.readAllBytes(directory.resolve("train-00000.parquet"));
    }

    private Shard read() {
        PreparedSource source = PreparedSource.open(directory.toString(), "train", 0, false);
        return source.read(0, source.rows());
    }

    private void assertSameOrRefused() {
        try {
            Shard found = read();
            assertTrue(Arrays.equals(rows.features().floats(), found.features().floats()), "features");
            assertTrue(Arrays.equals(rows.targets().floats(), found.targets().floats()), "targets");
            assertTrue(Arrays.equals(rows.weights(), found.weights()), "weights");
        } catch (UserError refused) {
            assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        }
    }

    @Test
    void whatWasWrittenIsRead() {
        assertSameOrRefused();
        assertEquals(ROWS, read().rows());
    }

    @Test
    void anyByteOfAFileMayBeWrong() throws IOException {
        Random random = new Random(2);
        Path path = directory.resolve("train-00000.parquet");
        for (int i = 0; i < file.length; i++) {
            byte[] altered = file.clone();
            altered[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, altered);
            assertSameOrRefused();
        }
        Files.write(path, Arrays.copyOf(file, file.length / 2));
        assertThrows(UserError.class, this::read);
    }

    @Test
    void anyByteOfTheManifestMayBeWrong() throws IOException {
        Random random = new Random(3);
        Path path = directory.resolve(Manifest.FILE);
        String text = new String(manifest, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            byte[] altered = manifest.clone();
            altered[i] = (byte) "0129-{}[]\",x".charAt(random.nextInt(12));
            Files.write(path, altered);
            try {
                read();
            } catch (UserError refused) {
                assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
            }
        }
    }
}

package io.etastar.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
    private static final int PIXELS = 3072;

    @TempDir
    Path directory;

    private static byte[] records(int count, int labels, int classes, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[count * (labels + PIXELS)];
        random.nextBytes(bytes);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < labels; k++) {
                bytes[i * (labels + PIXELS) + k] = (byte) random.nextInt(k == 0 && labels == 2 ? 20 : classes);
            }
        }
        return bytes;
    }

    private byte[][] ten(Path folder) throws IOException {
        byte[][] files = new byte[6][];
        Files.createDirectories(folder);
        for (int f = 1; f <= 6; f++) {
            files[f - 1] = records(f == 3 ? 300 : 2, 1, 10, f);
            Files.write(folder.resolve(f == 6 ? "test_batch.bin" : "data_batch_" + f + ".bin"), files[f - 1]);
        }
        return files;
    }

    @Test
    void rowsAreThoseOfTheFilesOneAfterTheOther() throws IOException {
        Path folder = directory.resolve("cifar-10-batches-bin");
        byte[][] files = ten(folder);
        Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        CifarSource source = CifarSource.open(directory.toString(), CifarFormat.CIFAR10, true);
        assertEquals(308, source.rows());
        assertEquals(
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
                source.shape().classNames());
        assertArrayEquals(new int[] {3, 32, 32}, source.shape().features());
        Shard shard = source.read(3, 306);
        // Row 3 is the second of data_batch_2, row 305 the second of data_batch_4.
        assertRow(files[1], 1, shard, 0);
        assertRow(files[2], 0, shard, 1);
        assertRow(files[2], 299, shard, 300);
        assertRow(files[3], 1, shard, 302);
        assertEquals(
                2,
                CifarSource.open(folder.toString(), CifarFormat.CIFAR10, false).rows());
        Standardisation expected = Standardisation.of(
                source.read(0, 308).features(), source.shape().features());
        assertArrayEquals(expected.mean(), source.inspect().mean(), 1e-6);
        assertArrayEquals(expected.deviation(), source.inspect().deviation(), 1e-6);
    }

    private static void assertRow(byte[] file, int record, Shard shard, int row) {
        int at = record * (PIXELS + 1);
        assertEquals(file[at], shard.targets().get(row));
        for (int i = 0; i < PIXELS; i++) {
            assertEquals((file[at + 1 + i] & 0xFF) / 255f, shard.features().floats()[row * PIXELS + i]);
        }
    }

    @Test
    void aHundredClassesOrTwentyGroups() throws IOException {
        byte[] bytes = records(5, 2, 100, 1);
        Files.write(directory.resolve("train.bin"), bytes);
        Shard fine = CifarSource.open(directory.toString(), CifarFormat.CIFAR100, true)
                .read(0, 5);
        Shard coarse = CifarSource.open(directory.toString(), CifarFormat.CIFAR100_COARSE, true)
                .read(0, 5);
        for (int i = 0; i < 5; i++) {
            assertEquals(bytes[i * (PIXELS + 2)], coarse.targets().get(i));
            assertEquals(bytes[i * (PIXELS + 2) + 1], fine.targets().get(i));
            assertEquals(
                    (bytes[i * (PIXELS + 2) + 2] & 0xFF) / 255f, fine.features().get(i * PIXELS));
        }
    }

    private String message(boolean train) {
        return assertThrows(
                        UserError.class,
                        () -> CifarSource.open(directory.toString(), CifarFormat.CIFAR10, train)
                                .inspect())
                .getMessage()
                .replace(directory + "/", "");
    }

    @Test
    void filesThatAreWrong() throws IOException {
        assertEquals("data_batch_1.bin: no such file; expected records of 3073 bytes", message(true));
        byte[][] files = ten(directory);
        Path third = directory.resolve("data_batch_3.bin");
        Files.write(third, Arrays.copyOf(files[2], files[2].length - 1));
        assertEquals(
                "data_batch_3.bin: found 921899 bytes, expected a whole number of records of 3073 bytes, at least one",
                message(true));
        files[2][3073 * 17] = 10;
        Files.write(third, files[2]);
        assertEquals("data_batch_3.bin: row 17: found label 10, expected 0 to 9", message(true));
        Files.write(directory.resolve("test_batch.bin"), new byte[0]);
        assertEquals(
                "test_batch.bin: found 0 bytes, expected a whole number of records of 3073 bytes, at least one",
                message(false));
    }
}

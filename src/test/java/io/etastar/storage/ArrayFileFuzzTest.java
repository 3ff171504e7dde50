package io.etastar.storage;

import io.etastar.testing.Fuzz;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile checkpoints, some with a checksum that fits the damage. */
class ArrayFileFuzzTest {
    @TempDir
    Path directory;

    private static byte[] signed(byte... content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return ByteBuffer.allocate(content.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(content)
                .putInt((int) sum.getValue())
                .array();
    }

    @Test
    void everyInputIsReadOrRefused() throws Exception {
        Checkpoint checkpoint = new Checkpoint(
                7,
                new double[] {1, 2, 3},
                Map.of("momentum", new double[] {4, 5}, "none", new double[0]),
                Map.of("summaries", 3L),
                Map.of("settings", "a \"text\""));
        byte[] valid = Files.readAllBytes(Path.of(new CheckpointStore(directory.toString(), 1).write(checkpoint)));
        Fuzz.of("checkpoint", "checkpoints/step-00000007.ckpt")
                .valid(valid)
                .valid(Arrays.copyOf(valid, valid.length - 4), ArrayFileFuzzTest::signed)
                .tokens("\"length\":", "\"float\"", "\"double\"", "\"theta\"", "\"step\":", "\"arrays\":", "null", "\n")
                .run(file -> {
                    new CheckpointStore(file.getParent().getParent().toString(), 1).newestValid();
                    CheckpointStore.read(file.toString());
                });
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.NpzSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of data-prep: files that are there, that cannot be had, and that are others than expected. */
class DataPrepScriptsTest {
    private static final Path FASHION = Path.of("/usr/share/datasets/fashion-mnist");
    /** Where nothing listens. */
    private static final String NOWHERE = "http://127.0.0.1:9";

    @TempDir
    Path directory;

    private record Run(int exitCode, List<String> lines) {}

    private static Run run(String address, String script, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "data-prep/" + script));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String name : List.of("MNIST", "FASHION_MNIST", "CIFAR10")) {
            builder.environment().put("ETASTAR_" + name + "_ADDRESS", address);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out.lines().toList());
    }

    private static void assertError(Run run, String expected) {
        assertEquals(2, run.exitCode, run.lines.toString());
        String last = run.lines.get(run.lines.size() - 1);
        assertTrue(last.startsWith("error: " + expected), last);
        assertEquals(
                1,
                run.lines.stream()
                        .filter(line -> !line.startsWith("downloading "))
                        .count(),
                run.lines.toString());
    }

    @Test
    void filesThatAreThereAreCheckedAndNamed() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(FASHION), "absent: " + FASHION + " (Debian package dataset-fashion-mnist)");
        Run run = run(NOWHERE, "fashion-mnist.sh", FASHION.toString());
        assertEquals(0, run.exitCode, run.lines.toString());
        assertEquals(List.of(FASHION.toString()), run.lines);
        for (String name : List.of("train-images", "train-labels", "t10k-images")) {
            String file = name + (name.endsWith("images") ? "-idx3" : "-idx1") + "-ubyte.gz";
            Files.copy(FASHION.resolve(file), directory.resolve(file));
        }
        Files.copy(FASHION.resolve("train-labels-idx1-ubyte.gz"), directory.resolve("t10k-labels-idx1-ubyte.gz"));
        assertError(
                run(NOWHERE, "fashion-mnist.sh", directory.toString()),
                directory + "/t10k-labels-idx1-ubyte.gz: found content of SHA-256 bad3541b");
    }

    @Test
    void aMissingFileIsDownloadedFromTheAddress() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(FASHION), "absent: " + FASHION + " (Debian package dataset-fashion-mnist)");
        Run run = run(
                "file://" + FASHION,
                "fashion-mnist.sh",
                directory.resolve("new").toString());
        assertEquals(0, run.exitCode, run.lines.toString());
        assertEquals(4, JobRun.files(directory.resolve("new")).size());
    }

    @Test
    void downloadsThatCannotBe() throws IOException, InterruptedException {
        String file = NOWHERE + "/train-images-idx3-ubyte.gz";
        Path data = directory.resolve("new");
        assertError(run(NOWHERE, "mnist.sh", data.toString()), file + ": cannot be downloaded (curl: (7)");
        assertError(run(NOWHERE, "fashion-mnist.sh", data.toString()), file + ": cannot be downloaded (curl: (7)");
        assertEquals(0, JobRun.files(data).size());
    }

    @Test
    void otherFilesThanExpected() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("t10k-images-idx3-ubyte.gz"), "no images");
        assertError(
                run(NOWHERE, "mnist.sh", directory.toString()), directory + "/t10k-images-idx3-ubyte.gz: found md5 ");
        Path file = directory.resolve("t10k-images-idx3-ubyte.gz");
        assertError(run(NOWHERE, "cifar10.sh", file.toString()), file + ": found a file that cannot be unpacked");
        Path folder = Files.createDirectories(directory.resolve("cifar-10-batches-bin"));
        Files.write(folder.resolve("data_batch_1.bin"), new byte[3073]);
        Path tar = directory.resolve("cifar.tar");
        new ProcessBuilder("tar", "-cf", tar.toString(), "-C", directory.toString(), "cifar-10-batches-bin")
                .start()
                .waitFor();
        Path data = directory.resolve("cifar");
        assertError(
                run(NOWHERE, "cifar10.sh", tar.toString(), data.toString()),
                tar + ": data_batch_1.bin: found 3073 bytes, expected 30730000 (10000 records of 3073)");
        assertTrue(Files.notExists(data) && Files.notExists(directory.resolve("cifar.unpacking")));
    }

    @Test
    void rowsOfCharactersAreWindowsOfTheText() throws IOException, InterruptedException {
        String abc = "abcdefghijklmnopqrstuvwxyz".repeat(10);
        Path text = Files.writeString(directory.resolve("text"), abc);
        Path file = directory.resolve("characters.npz");
        Run run = run(NOWHERE, "characters.sh", text.toString(), file.toString());
        assertEquals(0, run.exitCode, run.lines.toString());
        assertEquals(file + ": 192 train rows of 16 characters, 26 different ones", run.lines.get(0));
        assertEquals(file + ": 36 test rows of 16 characters, 26 different ones", run.lines.get(1));
        DataSource rows = NpzSource.open(file.toString(), true, 26, "auto");
        assertEquals(192, rows.rows());
        Shard shard = rows.read(0, 192);
        for (int row = 0; row < 192; row++) {
            for (int i = 0; i < 16; i++) {
                assertEquals((row + i) % 26, shard.features().get(16 * row + i));
            }
            assertEquals((row + 16) % 26, shard.targets().get(row));
        }
        Files.writeString(text, "too short");
        assertError(
                run(NOWHERE, "characters.sh", text.toString(), file.toString()),
                text + ": found 9 characters, 6 different ones, expected at least 160, at most 256 different ones");
    }

    @Test
    void wordsThatAreNotUnderstood() throws IOException, InterruptedException {
        assertError(run(NOWHERE, "digits.sh"), "found no --prepare, expected data-prep/digits.sh --prepare OUT");
        assertError(
                run(NOWHERE, "mnist.sh", "--prepare"), "--prepare: found nothing behind it, expected a new directory");
        assertError(
                run(NOWHERE, "cifar10.sh", "--help"), "found '--help', expected data-prep/cifar10.sh [TARBALL [DIR]]");
    }
}

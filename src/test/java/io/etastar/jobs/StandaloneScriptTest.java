package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jobs/standalone.sh with real processes; needs the jar and the class paths of {@code mvn package}. */
@Tag("cluster")
class StandaloneScriptTest {
    @TempDir
    Path directory;

    /** What a script did. */
    private record Ended(int code, String out, String err) {}

    private Ended run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "jobs/" + script));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .put("ETASTAR_STANDALONE", directory.resolve("cluster").toString());
        builder.environment().remove("SPARK_HOME");
        int code = builder.start().waitFor();
        return new Ended(
                code,
                Files.readString(out, StandardCharsets.UTF_8).trim(),
                Files.readString(err, StandardCharsets.UTF_8).trim());
    }

    private Ended standalone(String... arguments) throws IOException, InterruptedException {
        return run("standalone.sh", arguments);
    }

    private String train(String master) throws IOException, InterruptedException {
        String output =
                directory.resolve("run-" + master.replaceAll("\\W", "-")).toString();
        Ended ended = run(
                "train.sh", "conf/digits.conf", "--set", "training.epochs=1", "--master", master, "--output", output);
        assertEquals(0, ended.code, ended.err);
        return output;
    }

    private long processes() {
        String mark = "-Detastar.standalone=" + directory.resolve("cluster");
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .anyMatch(arguments -> List.of(arguments).contains(mark)))
                .count();
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        standalone("stop");
    }

    @Test
    void aClusterTrainsTheModelOfLocalModeAndIsGoneAfterwards() throws Exception {
        String port = freePort();
        Ended started = standalone("start", "--workers", "1", "--memory", "1500m", "--port", port);
        assertEquals(0, started.code, started.err);
        assertEquals("spark://127.0.0.1:" + port, started.out);
        assertEquals(2, processes());
        Ended again = standalone("start", "--port", port);
        assertEquals(2, again.code);
        assertTrue(again.err.startsWith("error: a cluster is running already: " + started.out), again.err);

        assertEquals("2", standalone("add-worker", "--memory", "1500m").out);
        String status = standalone("status").out;
        assertTrue(status.contains("workers alive 2 cores 0/2 memory 0/3000 MB"), status);
        byte[] remote = Files.readAllBytes(Path.of(train(started.out), "model", "parameters.bin"));
        assertArrayEquals(Files.readAllBytes(Path.of(train("local[2]"), "model", "parameters.bin")), remote);

        assertEquals(0, standalone("stop-worker", "1").code);
        assertTrue(standalone("status").out.contains("worker 2 pid"), status);
        assertEquals(2, standalone("stop-worker", "1").code);
        assertEquals(2, processes());
        assertEquals(0, standalone("stop").code);
        assertEquals(0, processes());
        assertEquals(3, standalone("status").code);
    }

    @Test
    void aStartThatFailsLeavesNothingBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended refused = standalone("start", "--port", Integer.toString(taken.getLocalPort()));
            assertEquals(2, refused.code);
            assertEquals(
                    "error: --port: found " + taken.getLocalPort() + " in use by another program, expected a free port",
                    refused.err);
        }
        Ended tooSmall = standalone("start", "--workers", "1", "--memory", "1k", "--port", freePort());
        assertEquals(2, tooSmall.code, tooSmall.out);
        assertTrue(tooSmall.err.contains("error: 1 workers did not start"), tooSmall.err);
        assertEquals(0, processes());
        assertFalse(Files.exists(directory.resolve("cluster/pids/master")));
    }

    @Test
    void mistakesAreOneLine() throws Exception {
        assertEquals("error: --cores: found 'x', expected a number from 1 on", standalone("start", "--cores", "x").err);
        assertEquals(
                "error: --memory: found '2', expected a size such as 512m or 2g",
                standalone("start", "--memory", "2").err);
        assertEquals(
                "error: standalone.sh: unknown option '--worker', see --help",
                standalone("start", "--worker", "1").err);
        assertEquals(
                "error: standalone.sh: found 'go', expected start, stop, status, add-worker or stop-worker; see --help",
                standalone("go").err);
        Ended twice = run("train.sh", "conf/digits.conf", "--master", "local", "--master=local[2]");
        assertEquals("error: --master: found it given twice, expected it once", twice.err);
        assertEquals(2, twice.code);
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters that are not there, and options given twice. */
class ContextsTest {
    @TempDir
    Path directory;

    private String error(String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertEquals(2, Train.run(args, err, err));
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("error: ") && text.indexOf('\n') == text.length() - 1, text);
        return text.substring("error: ".length(), text.length() - 1);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aMasterThatIsNotThereIsOneLineAndLeavesNoRunDirectory() throws IOException {
        String address = "127.0.0.1:" + closedPort();
        Path output = directory.resolve("run");
        String line = error(JobRun.digits(directory), "--master", "spark://" + address, "--output", output.toString());
        assertTrue(
                line.startsWith("--master: found spark://" + address + ", where no master answers (" + address + ": "),
                line);
        assertTrue(line.endsWith("), expected the URL of a running Spark master"), line);
        assertFalse(Files.exists(output));
    }

    @Test
    void addressesThatAreNoneAreRefused() throws IOException {
        String conf = JobRun.digits(directory);
        assertEquals(
                "--master: found spark://localhost, expected spark://HOST:PORT",
                error(conf, "--master", "spark://localhost"));
        assertEquals(
                "--master: found port 70000, expected at most 65535",
                error(conf, "--master", "spark://localhost:70000"));
    }

    @Test
    void oneMasterOfSeveralIsEnough() throws IOException {
        try (ServerSocket standing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String masters = "spark://127.0.0.1:" + closedPort() + ",127.0.0.1:" + standing.getLocalPort();
            assertDoesNotThrow(() -> Job.conf("application", masters, Map.of()));
        }
    }

    /** Takes a minute: Spark asks three times. */
    @Test
    @Tag("cluster")
    void aListenerThatIsNoMasterIsOneLine() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread deaf = new Thread(() -> closeAll(stranger));
            deaf.setDaemon(true);
            deaf.start();
            SparkConf conf = Job.conf(
                    "application",
                    "spark://127.0.0.1:" + stranger.getLocalPort(),
                    Map.of(
                            "spark.ui.enabled",
                            "false",
                            "spark.driver.host",
                            "127.0.0.1",
                            "spark.rpc.io.maxRetries",
                            "0"));
            UserError error = assertThrows(UserError.class, () -> {
                try (JavaSparkContext context = Contexts.open(conf)) {
                    context.parallelize(java.util.List.of(1)).count();
                }
            });
            assertTrue(error.getMessage().contains("no master took the application"), error.getMessage());
        }
    }

    private static void closeAll(ServerSocket stranger) {
        try {
            while (true) {
                try (Socket connection = stranger.accept()) {
                    connection.shutdownOutput();
                }
            }
        } catch (IOException closed) {
            assertTrue(stranger.isClosed());
        }
    }

    @Test
    void anOptionGivenTwiceIsCalledThat() throws IOException {
        String conf = JobRun.digits(directory);
        String usage = ", expected jobs/train.sh [options] CONF";
        assertEquals(
                "command line: --output: found it given twice" + usage,
                error(conf, "--output", "a", "--master", "local", "--output", "b"));
        assertEquals("command line: --output: found it given twice" + usage, error(conf, "--output=a", "--output=b"));
        assertEquals("command line: --resume: found it given twice" + usage, error("--resume", "--resume", conf));
    }
}

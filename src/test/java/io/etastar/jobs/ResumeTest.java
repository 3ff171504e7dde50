package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.storage.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose process is killed goes on as if nothing had happened. */
class ResumeTest {
    private static final int STEPS = 30;

    @TempDir
    Path directory;

    @Test
    void aKilledRunEndsWithTheSameBytes() throws IOException, InterruptedException {
        String conf = JobRun.digits(directory, "training.epochs = 2", "training.checkpoint_steps = 2");
        Path whole = directory.resolve("whole");
        Path killed = directory.resolve("killed");
        JobRun undisturbed = JobRun.good(Train::run, conf, "--output", whole.toString());
        killAfterStep(4, conf, killed, false);
        killAfterStep(18, conf, killed, true);
        JobRun resumed = JobRun.good(Train::run, conf, "--output", killed.toString(), "--resume");
        assertTrue(resumed.err().startsWith("resume from: " + killed.resolve("checkpoints")), resumed.err());
        assertEquals(JobRun.files(whole.resolve("model")), JobRun.files(killed.resolve("model")));
        assertEquals(figures(whole), figures(killed));
        assertEquals(
                Files.readAllLines(whole.resolve("summaries.jsonl")).size(),
                Files.readAllLines(killed.resolve("summaries.jsonl")).size());
        assertEquals(undisturbed.result().get("test_loss"), resumed.result().get("test_loss"));
        assertEquals(undisturbed.result().get("train_loss"), resumed.result().get("train_loss"));
    }

    /** Starts a process that trains and sends it SIGKILL once a checkpoint at or after {@code step} is there. */
    private void killAfterStep(int step, String conf, Path output, boolean resume)
            throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of("-Xmx1g", "-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Train.class.getName(), conf));
        command.addAll(List.of("--master", "local[2]", "--output", output.toString()));
        if (resume) {
            command.add("--resume");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            CheckpointStore store = new CheckpointStore(output.toString(), 2);
            while (store.list().stream().noneMatch(file -> stepOf(file) >= step)) {
                assertTrue(!process.waitFor(5, TimeUnit.MILLISECONDS), "ended: " + Files.readString(log));
            }
        } finally {
            process.destroyForcibly();
        }
        assertEquals(128 + 9, process.waitFor(), Files.readString(log));
        assertTrue(Files.notExists(output.resolve("model")), "the run was over before it was killed");
    }

    private static int stepOf(String file) {
        return Integer.parseInt(file.replaceAll(".*step-(\\d+)\\.ckpt", "$1"));
    }

    /** Everything of metrics.jsonl that does not depend on time, as how many steps a job makes does, line by line. */
    private static List<String> figures(Path run) throws IOException {
        List<String> lines = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.get("kind").asText().equals("step")) {
                steps.add(node.get("step").asInt());
            }
            ((ObjectNode) node).remove(List.of("seconds", "result_bytes"));
            lines.add(node.toString());
        }
        assertEquals(IntStream.rangeClosed(1, STEPS).boxed().toList(), steps, "steps of " + run);
        return lines;
    }
}

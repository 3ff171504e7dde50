package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.testing.DiskFault;
import io.etastar.testing.DiskFault.Effect;
import io.etastar.testing.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that are killed many times, anywhere, and resumed each time: nothing of it is seen in the results. */
@Tag("cluster")
class DriverKillTest {
    private static final int LANES = 2;

    /** Of each lane: 24 in all, others each time, or as many as {@code etastar.test.kills} says. */
    private static final int KILLS = Integer.getInteger("etastar.test.kills", 24) / LANES;

    private static final int MOST_LIVES = 10 + 3 * KILLS;
    private static final int STEPS = 60;
    /** The start, every second step, and two ends of epochs at odd ones. */
    private static final int CHECKPOINTS = 1 + STEPS / 2 + 2;

    @TempDir
    Path directory;

    @Test
    void killsLeaveNoTrace() throws IOException, InterruptedException, ExecutionException {
        long seed = Long.getLong("etastar.test.seed", System.nanoTime());
        System.out.println("driver kills: seed " + seed + " (-Detastar.test.seed)");
        String conf = JobRun.digits(directory, "training.epochs = 4", "training.checkpoint_steps = 2");
        Path undisturbed = directory.resolve("undisturbed");
        TrainProcess training = new TrainProcess(directory, conf);
        training.trainUndisturbed(undisturbed);
        Map<String, Integer> kinds = new TreeMap<>();
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<Map<String, Integer>>> ends = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                Path place = Files.createDirectory(directory.resolve("lane-" + i));
                DriverKills kills = new DriverKills(seed + i, KILLS, Files.size(checkpoint(undisturbed)));
                ends.add(lanes.submit(lane(training, kills, place, undisturbed)));
            }
            for (Future<Map<String, Integer>> end : ends) {
                end.get().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
            }
        } finally {
            lanes.shutdownNow();
        }
        System.out.println("driver kills: " + kinds);
        assertTrue(kinds.getOrDefault(DriverKills.IN_CHECKPOINT, 0) > 0, "no kill while a checkpoint was written");
        assertEquals(
                LANES * KILLS,
                kinds.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** The last write of a checkpoint has no other after it that would delete what it could not. */
    @Test
    void aKillAtTheLastDeletionLeavesNoTrace() throws IOException, InterruptedException {
        String conf = JobRun.digits(directory, "training.epochs = 4", "training.checkpoint_steps = 2");
        Path undisturbed = directory.resolve("undisturbed");
        TrainProcess training = new TrainProcess(directory, conf);
        training.trainUndisturbed(undisturbed);
        Path run = directory.resolve("run");
        Path log = directory.resolve("log");
        int kept = JobRun.files(undisturbed.resolve("checkpoints")).size();
        int deletions = CHECKPOINTS - kept;
        DiskFault fault = new DiskFault("delete", "checkpoints/.*", deletions, 0, Effect.HALT);
        assertEquals(TrainProcess.KILLED, training.start(run, fault, log).waitFor());
        Faults.injected("SIGKILL of a driver at the last delete of a checkpoint");
        assertEquals(0, training.start(run, null, log).waitFor(), () -> read(log));
        compare(undisturbed, run);
        Faults.survived("SIGKILL of a driver", 1);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills and resumes runs, one after the other, until it has killed its share; then lets the last one end. */
    private static Callable<Map<String, Integer>> lane(
            TrainProcess training, DriverKills kills, Path place, Path undisturbed) {
        return () -> {
            int killedOfRun = 0;
            Path run = place.resolve("run-0");
            Path log = place.resolve("log");
            for (int life = 0; kills.remain() || killedOfRun > 0; life++) {
                assertTrue(life < MOST_LIVES, "too many lives");
                if (kills.live(training, run, log)) {
                    killedOfRun++;
                } else {
                    compare(undisturbed, run);
                    Faults.survived("SIGKILL of a driver", killedOfRun);
                    killedOfRun = 0;
                    run = place.resolve("run-" + (life + 1));
                }
            }
            return kills.kinds();
        };
    }

    private static Path checkpoint(Path run) {
        return run.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%08d.ckpt", STEPS));
    }

    private static void compare(Path undisturbed, Path run) throws IOException {
        assertEquals(JobRun.files(undisturbed.resolve("model")), JobRun.files(run.resolve("model")));
        assertEquals(JobRun.files(undisturbed.resolve("checkpoints")), whole(JobRun.files(run.resolve("checkpoints"))));
        assertEquals(figures(undisturbed), figures(run));
        assertEquals(
                IntStream.rangeClosed(1, STEPS).boxed().toList(),
                lines(run, "metrics.jsonl").stream()
                        .filter(line -> line.get("kind").asText().equals("step"))
                        .map(line -> line.get("step").asInt())
                        .toList());
    }

    /** Without what was being written when a life ended. */
    private static Map<String, String> whole(Map<String, String> files) {
        files.keySet().removeIf(name -> name.startsWith(".tmp-"));
        return files;
    }

    /** Everything of metrics and summaries that does not depend on time, as how many steps a job makes does. */
    private static List<JsonNode> figures(Path run) throws IOException {
        List<JsonNode> figures = new ArrayList<>(lines(run, "metrics.jsonl"));
        figures.addAll(lines(run, "summaries.jsonl"));
        figures.forEach(line -> ((ObjectNode) line).remove(List.of("seconds", "solve_seconds", "result_bytes")));
        return figures;
    }

    private static List<JsonNode> lines(Path run, String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve(file))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}

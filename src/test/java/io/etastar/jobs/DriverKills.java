package io.etastar.jobs;

import io.etastar.testing.DiskFault;
import io.etastar.testing.DiskFault.Effect;
import io.etastar.testing.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ways in which a driver's process ends, drawn at random so that each has its share of all: a permutation of equal slices of the ways. */
final class DriverKills {
    /** Ended inside the write of a checkpoint. */
    static final String IN_CHECKPOINT = "while a checkpoint is written";

    private static final String ANY_TIME = "at any time";
    private static final int LONGEST_DELAY_MILLISECONDS = 600;
    private static final int CHECKPOINTS = 4;

    private final Random random;
    private final List<Integer> slices;
    private final long checkpointBytes;
    private final Map<String, Integer> kinds = new TreeMap<>();

    /**
     * @param seed of what is drawn
     * @param kills how many processes are to be killed
     * @param checkpointBytes size of a checkpoint
     */
    DriverKills(long seed, int kills, long checkpointBytes) {
        this.random = new Random(seed);
        this.slices = new ArrayList<>(IntStream.range(0, kills).boxed().toList());
        Collections.shuffle(slices, random);
        this.checkpointBytes = checkpointBytes;
    }

    /** How many processes ended in which way. */
    Map<String, Integer> kinds() {
        return kinds;
    }

    private int killed() {
        return kinds.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether there are kills to be done. */
    boolean remain() {
        return killed() < slices.size();
    }

    /**
     * Starts a process that goes on with the run, and has it killed unless all kills are done.
     *
     * @return whether it was killed before its end
     */
    boolean live(TrainProcess training, Path run, Path log) throws IOException, InterruptedException {
        int draw = remain() ? (100 * slices.get(killed()) + random.nextInt(100)) / slices.size() : 100;
        if (draw >= 55) {
            DiskFault fault = draw == 100 ? null : halt(draw);
            return ended(training.start(run, fault, log), log, fault == null ? "" : kind(fault));
        }
        boolean seen = draw < 15;
        long newest = newest(run);
        Process process = training.start(run, null, log);
        try {
            if (await(process, () -> newest(run) > newest)) {
                process.waitFor(random.nextInt(LONGEST_DELAY_MILLISECONDS), TimeUnit.MILLISECONDS);
            }
            if (seen) {
                await(
                        process,
                        () -> !checkpoints(run, name -> name.startsWith(".tmp-"))
                                .isEmpty());
            }
        } finally {
            process.destroyForcibly();
        }
        // A file that a life before left behind does not count.
        return ended(process, log, ANY_TIME);
    }

    private boolean ended(Process process, Path log, String kind) throws IOException, InterruptedException {
        try {
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        if (!TrainProcess.wasKilled(process, log)) {
            return false;
        }
        kinds.merge(kind, 1, Integer::sum);
        Faults.injected("SIGKILL of a driver " + kind);
        return true;
    }

    private DiskFault halt(int draw) {
        int number = 1 + random.nextInt(CHECKPOINTS);
        if (draw < 75) {
            long bytes = (long) (random.nextDouble() * CHECKPOINTS * checkpointBytes);
            return new DiskFault("write", "checkpoints/\\.tmp-.*", 1, bytes, Effect.HALT);
        } else if (draw < 80) {
            return new DiskFault("rename", "checkpoints/.*", number, 0, Effect.HALT);
        } else if (draw < 85) {
            return new DiskFault("renamed", "checkpoints/.*", number, 0, Effect.HALT);
        } else if (draw < 90) {
            return new DiskFault("delete", "checkpoints/.*", number, 0, Effect.HALT);
        } else if (draw < 95) {
            return new DiskFault("write", ".*/metrics\\.jsonl", 1, random.nextInt(2500), Effect.HALT);
        }
        return new DiskFault(
                "rename", random.nextBoolean() ? "[^/]*/metrics\\.jsonl" : "[^/]*/model", 1, 0, Effect.HALT);
    }

    private static String kind(DiskFault fault) {
        boolean checkpoint = fault.file().startsWith("checkpoints/");
        return checkpoint && fault.operation().equals("write")
                ? IN_CHECKPOINT
                : "at " + fault.operation() + " of " + (checkpoint ? "a checkpoint" : "metrics or model");
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until the condition holds or the process ends; whether it lives. */
    private static boolean await(Process process, Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Step of the newest checkpoint; -1 if there is none. */
    static long newest(Path run) throws IOException {
        return checkpoints(run, name -> name.startsWith("step-")).stream()
                .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
                .max()
                .orElse(-1);
    }

    private static List<String> checkpoints(Path run, Predicate<String> which) throws IOException {
        Path directory = run.resolve("checkpoints");
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(which)
                    .toList();
        }
    }
}

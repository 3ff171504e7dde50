package io.etastar.experiment.comparison;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Results of runs, a file {@code WORKLOAD.json} for each workload, a line for each run. Several processes may add to the same
 * directory.
 */
final class Results {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    private static final String RUNS = "runs";

    private final @Nullable Path directory;
    private final Map<String, TreeMap<RunResult.Id, RunResult>> known = new HashMap<>();

    /** @param directory made when it is first needed; null to keep results for this process alone */
    Results(@Nullable Path directory) {
        this.directory = directory;
    }

    /**
     * A run's result.
     *
     * @return null if there is none
     * @throws UserError if the workload's file is not one of results
     */
    @Nullable
    RunResult get(String workload, RunResult.Id id) throws IOException {
        TreeMap<RunResult.Id, RunResult> runs = known.get(workload);
        if (runs == null) {
            runs = read(workload);
            known.put(workload, runs);
        }
        return runs.get(id);
    }

    /** Adds a result, in place of an earlier one of the same run; lasting once this returns. */
    void put(String workload, RunResult result) throws IOException {
        if (directory == null) {
            known.computeIfAbsent(workload, name -> new TreeMap<>()).put(result.id(), result);
            return;
        }
        Files.createDirectories(directory);
        Path guard = directory.resolve("." + workload + ".lock");
        try (FileChannel channel = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            TreeMap<RunResult.Id, RunResult> runs = read(workload);
            runs.put(result.id(), result);
            write(workload, runs);
            known.put(workload, runs);
        }
    }

    private TreeMap<RunResult.Id, RunResult> read(String workload) throws IOException {
        TreeMap<RunResult.Id, RunResult> runs = new TreeMap<>();
        Path file = directory == null ? null : file(directory, workload);
        if (file == null || !Files.exists(file)) {
            return runs;
        }
        JsonNode found = parsed(file).path(RUNS);
        if (!found.isArray()) {
            throw new UserError(UserError.Subject.of(file.toString()), "no list of runs", "results of a workload");
        }
        for (JsonNode run : found) {
            RunResult result = RunResult.of(run);
            runs.put(result.id(), result);
        }
        return runs;
    }

    private static JsonNode parsed(Path file) throws IOException {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (JsonProcessingException damaged) {
            throw new UserError(
                    UserError.Subject.of(file.toString()), "a file that is no JSON", "results of a workload", damaged);
        }
    }

    private static Path file(Path directory, String workload) {
        return directory.resolve(workload + ".json");
    }

    private static void write(Path file, String text) throws IOException {
        Path whole = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(String workload, TreeMap<RunResult.Id, RunResult> runs) throws IOException {
        StringJoiner lines = new StringJoiner(",\n    ", "    ", "\n");
        for (RunResult run : runs.values()) {
            lines.add(MAPPER.writeValueAsString(run.json()));
        }
        String name = MAPPER.writeValueAsString(workload);
        Path target = file(Objects.requireNonNull(directory), workload);
        write(target, "{\n  \"workload\": " + name + ",\n  \"" + RUNS + "\": [\n" + lines + "  ]\n}\n");
    }
}

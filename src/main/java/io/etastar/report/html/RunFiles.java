package io.etastar.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/** The files of one run, perhaps of one that is still going on: reads them line by line and writes nothing. */
final class RunFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String CONFIG = "config.json";
    private static final String PLAN = "plan.txt";
    private static final String MODEL = "model/model.json";

    private final Path directory;

    /**
     * @param directory of the run, any path that Hadoop knows
     * @throws UserError if no run is there
     */
    RunFiles(String directory) {
        this.directory = FileAccess.path(directory);
        if (!exists(CONFIG) && !exists("metrics.jsonl")) {
            throw new UserError(UserError.Subject.of(directory), "no " + CONFIG, "the directory of a run");
        }
    }

    Path directory() {
        return directory;
    }

    /** Whether the run wrote its model: then it has ended well. */
    boolean complete() {
        return exists(MODEL);
    }

    private boolean exists(String name) {
        Path file = new Path(directory, name);
        return StorageFailure.in(file, () -> FileAccess.status(file)) != null;
    }

    /** The configuration, an empty object if there is none. */
    JsonNode configuration() {
        return object(CONFIG);
    }

    /** The content of model.json, an empty object if there is none. */
    JsonNode model() {
        return object(MODEL);
    }

    /** What was measured of the columns, an empty object if nothing was. */
    JsonNode columns() {
        return object("columns.json");
    }

    /** What was measured of the classes, an empty object if nothing was. */
    JsonNode classes() {
        return object("classes.json");
    }

    /** Predictions of some test rows, an empty object if there are none. */
    JsonNode predictions() {
        return object("predictions.json");
    }

    private JsonNode object(String name) {
        if (!exists(name)) {
            return MAPPER.createObjectNode();
        }
        Path file = new Path(directory, name);
        try {
            return MAPPER.readTree(text(file));
        } catch (JsonProcessingException broken) {
            throw broken(file, "", broken);
        }
    }

    /** The plan of execution in words; null if the run was made by a version that did not keep it. */
    String plan() {
        return exists(PLAN) ? text(new Path(directory, PLAN)).strip().replaceFirst("^plan: ", "") : null;
    }

    private static String text(Path file) {
        return StorageFailure.in(file, () -> {
            try (InputStream in = FileAccess.open(file)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    /**
     * Hands over every line of NAME.jsonl and its further parts NAME-2.jsonl, .. in order; none if there is no file. A last
     * line without its end, which a run that is going on or was killed may leave, is not seen.
     */
    void lines(String name, Consumer<String> line) {
        String part = name + ".jsonl";
        for (int number = 2; exists(part); number++) {
            read(new Path(directory, part), line);
            part = name + "-" + number + ".jsonl";
        }
    }

    /**
     * The object of one line.
     *
     * @throws UserError if it is none
     */
    JsonNode parse(String name, long number, String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException broken) {
            throw broken(new Path(directory, name + ".jsonl"), ", line " + number, broken);
        }
    }

    private static UserError broken(Path file, String place, JsonProcessingException problem) {
        return new UserError(
                UserError.Subject.of(FileAccess.display(file) + place),
                "text that is no JSON ("
                        + problem.getOriginalMessage().lines().findFirst().orElse("") + ")",
                "an object",
                problem);
    }

    private static void read(Path file, Consumer<String> consumer) {
        StorageFailure.in(file, () -> {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(FileAccess.open(file), StandardCharsets.UTF_8))) {
                completeLines(reader, consumer);
            }
            return null;
        });
    }

    private static void completeLines(BufferedReader reader, Consumer<String> consumer) throws IOException {
        StringBuilder line = new StringBuilder();
        char[] buffer = new char[1 << 16];
        for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
            int from = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    consumer.accept(line.append(buffer, from, i - from).toString());
                    line.setLength(0);
                    from = i + 1;
                }
            }
            line.append(buffer, from, count - from);
        }
    }
}

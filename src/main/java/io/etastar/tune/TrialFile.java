package io.etastar.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/** The file {@code trials.json} of a search: what it is, and its trials so far. Written whole after each of them. */
final class TrialFile {
    private static final String NAME = "trials.json";
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;
    private final Map<String, String> search;
    private final List<Trial> trials;

    private TrialFile(Path path, Map<String, String> search, List<Trial> trials) {
        this.path = path;
        this.search = search;
        this.trials = trials;
    }

    /**
     * A new search.
     *
     * @param directory of the search; nothing is written before the first trial
     * @param search what it is, by name
     * @throws UserError if a search is there
     */
    static TrialFile create(String directory, Map<String, String> search) {
        Path path = path(directory);
        if (FileAccess.exists(path)) {
            throw new UserError(
                    UserError.Subject.of("output " + directory),
                    "a search (" + NAME + ")",
                    "a new directory, or --resume to go on with that search");
        }
        return new TrialFile(path, search, new ArrayList<>());
    }

    /**
     * The search in a directory, to go on with.
     *
     * @param search what it is, by name
     * @throws UserError if there is none, or another one
     */
    static TrialFile resume(String directory, Map<String, String> search) {
        Path path = path(directory);
        if (!FileAccess.exists(path)) {
            throw new UserError(UserError.Subject.of("output " + directory), "no " + NAME, "a search to go on with");
        }
        JsonNode file = read(path);
        search.forEach((name, value) -> {
            String before = file.path("search").path(name).asText();
            if (!before.equals(value)) {
                // The keys of a job are too many for a line.
                boolean isJob = name.equals("job");
                throw new UserError(
                        UserError.Subject.of("--resume: " + name),
                        isJob ? "other keys" : value,
                        (isJob ? "those" : before) + " of the search in " + directory);
            }
        });
        List<Trial> trials = new ArrayList<>();
        file.path("trials").forEach(trial -> trials.add(trial(trial)));
        return new TrialFile(path, search, trials);
    }

    private static Path path(String directory) {
        return new Path(FileAccess.path(directory), NAME);
    }

    private static JsonNode read(Path path) {
        return StorageFailure.in(path, () -> {
            try (InputStream in = FileAccess.open(path)) {
                return MAPPER.readTree(in);
            } catch (JsonProcessingException broken) {
                throw new UserError(
                        UserError.Subject.of(FileAccess.display(path)), "no JSON", "the file of a search", broken);
            }
        });
    }

    private static Trial trial(JsonNode node) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> all = node.path("keys").fields(); all.hasNext(); ) {
            Map.Entry<String, JsonNode> key = all.next();
            keys.put(key.getKey(), key.getValue().asText());
        }
        JsonNode diverged = node.get("diverged");
        return new Trial(
                keys,
                new Trial.Figures(
                        number(node, Measure.VALIDATION_LOSS),
                        number(node, Measure.VALIDATION_ACCURACY),
                        number(node, Measure.TRAIN_LOSS),
                        diverged == null ? null : diverged.asText()),
                node.path("seconds").asDouble());
    }

    private static double number(JsonNode node, Measure measure) {
        return node.path(measure.toString()).asDouble(Double.NaN);
    }

    /** Trials so far, in order. */
    List<Trial> trials() {
        return List.copyOf(trials);
    }

    /** Keeps a trial; it is on the disk once this returns. */
    void add(Trial trial) {
        trials.add(trial);
        ObjectNode file = MAPPER.createObjectNode();
        ObjectNode about = file.putObject("search");
        search.forEach(about::put);
        ArrayNode all = file.putArray("trials");
        trials.forEach(each -> put(all.addObject(), each));
        StorageFailure.in(path, () -> {
            byte[] bytes = MAPPER.writeValueAsBytes(file);
            AtomicFile.write(path, out -> out.write(bytes));
            return path;
        });
    }

    private static void put(ObjectNode node, Trial trial) {
        ObjectNode keys = node.putObject("keys");
        trial.keys().forEach(keys::put);
        Trial.Figures figures = trial.figures();
        put(node, Measure.VALIDATION_LOSS, figures.validationLoss());
        put(node, Measure.VALIDATION_ACCURACY, figures.validationAccuracy());
        put(node, Measure.TRAIN_LOSS, figures.trainLoss());
        if (figures.diverged() != null) {
            node.put("diverged", Objects.requireNonNull(figures.diverged()));
        }
        node.put("seconds", trial.seconds());
    }

    private static void put(ObjectNode node, Measure measure, double value) {
        if (Double.isFinite(value)) {
            node.put(measure.toString(), value);
        }
    }
}

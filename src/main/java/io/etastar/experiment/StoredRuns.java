package io.etastar.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of an experiment's runs in a file {@code DIRECTORY/EXPERIMENT.json}, a line for each run, so that what is told and drawn of
 * them needs no run. Several processes may add to the same file.
 *
 * @param directory made when the first run is kept
 * @param experiment its name
 */
record StoredRuns(Path directory, String experiment) {
    // What is read is written again as it was.
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int DIGITS = 5;

    /**
     * Which run.
     *
     * @param optimizer the name of one
     * @param scale share of the experiment's length
     * @param seed of all that is drawn
     */
    record Id(String optimizer, double scale, long seed) implements Comparable<Id> {
        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::optimizer).thenComparing(Id::scale).thenComparing(Id::seed);

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * A run.
     *
     * @param key digest of the keys that it was made with
     * @param seconds that it took
     * @param outcome what it gave
     */
    record Run(String key, double seconds, Outcome outcome) {}

    /**
     * A run that was made with the same keys; null if there is none.
     *
     * @throws UserError if the file is not one of runs
     */
    @Nullable
    Run get(Id id, String key) throws IOException {
        JsonNode run = read().get(id);
        return run == null || !run.path("key").asText().equals(key)
                ? null
                : new Run(key, run.path("seconds").asDouble(), outcome(run));
    }

    /** Keeps a run in place of an earlier one; lasting once this returns. */
    void put(Id id, Run run) throws IOException {
        Files.createDirectories(directory);
        Path guard = directory.resolve("." + experiment + ".lock");
        try (FileChannel channel = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            TreeMap<Id, JsonNode> runs = read();
            runs.put(id, json(id, run));
            write(runs);
        }
    }

    /**
     * Reads the file.
     *
     * @throws UserError if it is there and not one of runs
     */
    void check() throws IOException {
        read();
    }

    private Path file() {
        return directory.resolve(experiment + ".json");
    }

    private TreeMap<Id, JsonNode> read() throws IOException {
        TreeMap<Id, JsonNode> runs = new TreeMap<>();
        if (!Files.exists(file())) {
            return runs;
        }
        JsonNode found;
        try {
            found = MAPPER.readTree(file().toFile()).path("runs");
        } catch (JsonProcessingException damaged) {
            throw new UserError(
                    UserError.Subject.of(file().toString()), "a file that is no JSON", "an experiment's runs", damaged);
        }
        if (!found.isArray()) {
            throw new UserError(UserError.Subject.of(file().toString()), "no list of runs", "an experiment's runs");
        }
        for (JsonNode run : found) {
            runs.put(
                    new Id(
                            run.path("optimizer").asText(),
                            run.path("scale").asDouble(),
                            run.path("seed").asLong()),
                    run);
        }
        return runs;
    }

    private void write(TreeMap<Id, JsonNode> runs) throws IOException {
        StringJoiner lines = new StringJoiner(",\n    ", "    ", "\n");
        for (JsonNode run : runs.values()) {
            lines.add(MAPPER.writeValueAsString(run));
        }
        String name = MAPPER.writeValueAsString(experiment);
        Path whole = directory.resolve("." + experiment + ".json.new");
        Files.writeString(whole, "{\n  \"experiment\": " + name + ",\n  \"runs\": [\n" + lines + "  ]\n}\n");
        Files.move(whole, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ObjectNode json(Id id, Run run) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("optimizer", id.optimizer())
                .put("scale", BigDecimal.valueOf(id.scale()))
                .put("seed", id.seed());
        json.put("key", run.key()).put("seconds", rounded(run.seconds()));
        ObjectNode figures = json.putObject("figures");
        ObjectNode lengths = json.putObject("lengths");
        for (String metric : run.outcome().metrics()) {
            ObjectNode part = run.outcome().isLength(metric) ? lengths : figures;
            double value = run.outcome().get(metric);
            // Jackson writes what is not finite as a text.
            if (Double.isFinite(value)) {
                part.put(metric, BigDecimal.valueOf(value));
            } else {
                part.put(metric, value);
            }
        }
        ObjectNode curves = json.putObject("curves");
        run.outcome().curves().forEach((chart, curve) -> {
            ArrayNode both = curves.putArray(chart);
            numbers(both.addArray(), curve.x());
            numbers(both.addArray(), curve.y());
        });
        ObjectNode matrices = json.putObject("matrices");
        run.outcome().matrices().forEach((name, matrix) -> {
            ObjectNode entry = matrices.putObject(name).put("title", matrix.title());
            matrix.labels().forEach(entry.putArray("labels")::add);
            ArrayNode rows = entry.putArray("values");
            Arrays.stream(matrix.values()).forEach(row -> numbers(rows.addArray(), row));
        });
        return json;
    }

    private static void numbers(ArrayNode array, double... values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                array.add(rounded(value));
            } else {
                array.add(value);
            }
        }
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value, new MathContext(DIGITS));
    }

    private static Outcome outcome(JsonNode run) {
        Outcome outcome = new Outcome();
        run.path("figures")
                .fields()
                .forEachRemaining(figure -> outcome.with(figure.getKey(), number(figure.getValue())));
        run.path("lengths")
                .fields()
                .forEachRemaining(length -> outcome.withLength(length.getKey(), number(length.getValue())));
        run.path("curves")
                .fields()
                .forEachRemaining(curve -> outcome.withCurve(
                        curve.getKey(),
                        numbers(curve.getValue().path(0)),
                        numbers(curve.getValue().path(1))));
        run.path("matrices")
                .fields()
                .forEachRemaining(matrix -> outcome.withMatrix(matrix.getKey(), matrix(matrix.getValue())));
        return outcome;
    }

    private static Outcome.Matrix matrix(JsonNode json) {
        List<String> labels = new ArrayList<>();
        json.path("labels").forEach(label -> labels.add(label.asText()));
        double[][] values = new double[labels.size()][];
        Arrays.setAll(values, row -> numbers(json.path("values").path(row)));
        return new Outcome.Matrix(json.path("title").asText(), labels, values);
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> number(array.get(i)))
                .toArray();
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.asDouble() : Double.parseDouble(value.asText());
    }
}

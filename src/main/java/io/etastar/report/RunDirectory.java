package io.etastar.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.etastar.UserError;
import io.etastar.settings.Configuration;
import io.etastar.settings.JobSettings;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The directory of one run, on any file system that Hadoop knows: config.json, metrics, checkpoints, model. */
public final class RunDirectory {
    private static final String CONFIG = "config.json";
    private static final List<String> RUN_FILES =
            List.of(CONFIG, MetricsWriter.METRICS, MetricsWriter.SUMMARIES, "checkpoints", "model");

    private final FileSystem files;
    private final Path path;
    private final boolean resumed;

    private RunDirectory(String directory, boolean resumed) throws IOException {
        Path named = new Path(directory);
        files = FileAccess.fileSystem(named);
        path = files.makeQualified(named);
        this.resumed = resumed;
    }

    /**
     * Checks that a run may begin there; writes nothing.
     *
     * @throws UserError if the directory already holds a run, or is a file
     */
    public static void checkFree(String directory) {
        try {
            RunDirectory run = new RunDirectory(directory, false);
            if (run.files.exists(run.path) && !run.files.getFileStatus(run.path).isDirectory()) {
                throw new UserError(UserError.Subject.of("output " + directory), "a file", "a new directory");
            }
            for (String name : RUN_FILES) {
                if (run.files.exists(new Path(run.path, name))) {
                    throw new UserError(
                            UserError.Subject.of("output " + directory),
                            "a run (" + name + ")",
                            "a new directory, or --resume to go on with that run");
                }
            }
        } catch (IOException | IllegalArgumentException exception) {
            throw unusable(directory, exception);
        }
    }

    /**
     * Begins a run: makes the directory and writes config.json.
     *
     * @param directory that holds no run
     * @param resolved the whole configuration as JSON
     * @throws UserError if it holds a run or cannot be made
     */
    public static RunDirectory create(String directory, String resolved) {
        checkFree(directory);
        try {
            RunDirectory run = new RunDirectory(directory, false);
            if (!run.files.mkdirs(run.path)) {
                throw new IOException("no directory can be made there");
            }
            run.writeConfig(resolved);
            return run;
        } catch (IOException | IllegalArgumentException exception) {
            throw unusable(directory, exception);
        }
    }

    /**
     * Goes on with a run.
     *
     * @param directory of the run
     * @param resolved the whole configuration as JSON; must equal the run's
     * @throws UserError naming the first key that differs, or if there is no run
     */
    public static RunDirectory resume(String directory, String resolved) {
        return resume(directory, resolved, false).run();
    }

    /**
     * A configuration with what is automatic as the run in that directory has it, if there is one.
     *
     * @param directory of the run
     * @throws UserError if the run's files cannot be read
     */
    public static Configuration decided(String directory, Configuration configuration) {
        if (!configuration.isAutomatic()) {
            return configuration;
        }
        try {
            RunDirectory run = new RunDirectory(directory, true);
            Path config = new Path(run.path, CONFIG);
            return run.files.exists(config) ? run.configurationOf(config).decided(configuration) : configuration;
        } catch (IOException | IllegalArgumentException exception) {
            throw unusable(directory, exception);
        }
    }

    private RunConfiguration configurationOf(Path config) throws IOException {
        try (InputStream in = files.open(config)) {
            return RunConfiguration.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * A run that goes on.
     *
     * @param run its directory
     * @param partitionsBefore data.partitions that the run had, as text, if they change; otherwise null
     */
    public record Resumed(RunDirectory run, String partitionsBefore) {}

    /**
     * Resumes a run, if wanted on another number of partitions, which config.json then holds.
     *
     * @param directory of the run
     * @param resolved the whole configuration as JSON; must equal the run's
     * @param otherPartitions whether data.partitions may be others
     * @throws UserError naming the first key that differs, or if there is no run
     */
    public static Resumed resume(String directory, String resolved, boolean otherPartitions) {
        try {
            RunDirectory run = new RunDirectory(directory, true);
            Path config = new Path(run.path, CONFIG);
            if (!run.files.exists(config)) {
                throw new UserError(UserError.Subject.of("output " + directory), "no " + CONFIG, "a run to resume");
            }
            RunConfiguration before = run.configurationOf(config);
            String partitions =
                    before.compare(config.toUri().getPath(), RunConfiguration.parse(resolved), otherPartitions);
            if (partitions != null) {
                run.writeConfig(resolved);
            }
            return new Resumed(run, partitions);
        } catch (IOException | IllegalArgumentException exception) {
            throw unusable(directory, exception);
        }
    }

    private void writeConfig(String resolved) throws IOException {
        AtomicFile.write(new Path(path, CONFIG), out -> out.write(resolved.getBytes(StandardCharsets.UTF_8)));
    }

    private static UserError unusable(String directory, Exception exception) {
        String reason =
                String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
        return new UserError(
                UserError.Subject.of("output " + directory),
                "a place that cannot be used (" + reason + ")",
                "a directory that can be written",
                exception);
    }

    /** Its full path, for messages and for whoever stores the model and the checkpoints. */
    public String path() {
        return FileAccess.display(path);
    }

    /** Whether the run had begun before. */
    public boolean resumed() {
        return resumed;
    }

    /**
     * Writes a member of a file of measurements, a JSON object; its other members stay.
     *
     * @param name of the file
     * @param value a record
     * @throws StorageFailure if the file cannot be written
     */
    public void put(String name, String member, Record value) {
        Path file = new Path(path, name);
        StorageFailure.in(file, () -> {
            ObjectNode content = object(file);
            content.set(member, FiniteJson.MAPPER.valueToTree(value));
            byte[] bytes = FiniteJson.MAPPER.writeValueAsBytes(content);
            AtomicFile.write(file, out -> out.write(bytes));
            return null;
        });
    }

    /** The object in a file; an empty one if there is none, or something else. */
    private ObjectNode object(Path file) throws IOException {
        if (files.exists(file)) {
            try (InputStream in = files.open(file)) {
                if (FiniteJson.MAPPER.readTree(in) instanceof ObjectNode found) {
                    return found;
                }
            } catch (JsonProcessingException broken) {
                return FiniteJson.MAPPER.createObjectNode();
            }
        }
        return FiniteJson.MAPPER.createObjectNode();
    }

    /** Opens the metrics for appending. */
    public MetricsWriter openMetrics() {
        try {
            return new MetricsWriter(files, path);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** The keys of a run's configuration and their values, for comparison. */
    private record RunConfiguration(Map<String, JsonNode> keys) {
        private static final String PARTITIONS = "data.partitions";
        private static final String SYNC = "training.sync";
        /** What is shown of a run changes nothing of its results. */
        private static final String SHOWN = "report.";

        static RunConfiguration parse(String json) throws JsonProcessingException {
            Map<String, JsonNode> keys = new TreeMap<>();
            collect("", new ObjectMapper().readTree(json), keys);
            return new RunConfiguration(keys);
        }

        private static void collect(String prefix, JsonNode node, Map<String, JsonNode> keys) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                if (entry.getValue().isObject()) {
                    collect(prefix + entry.getKey() + ".", entry.getValue(), keys);
                } else {
                    String key = JobSettings.schema().present(prefix + entry.getKey());
                    keys.put(key, key.equals(SYNC) ? sameSteps(entry.getValue()) : entry.getValue());
                }
            }
        }

        /** Steps of {@code auto} are those of {@code step}. */
        private static JsonNode sameSteps(JsonNode sync) {
            return sync.asText().equals("auto") ? TextNode.valueOf("step") : sync;
        }

        Configuration decided(Configuration configuration) {
            return configuration.planned(number("training.batch"), number("summary.batch"), number(PARTITIONS));
        }

        private Integer number(String key) {
            JsonNode value = keys.get(key);
            return value != null && value.isInt() ? value.intValue() : null;
        }

        /**
         * Compares this configuration, that of the run, with the one to go on with.
         *
         * @param file of this configuration, for messages
         * @return the run's data.partitions if they differ and may do so, else null
         * @throws UserError naming the first other key that differs
         */
        String compare(String file, RunConfiguration now, boolean otherPartitions) {
            String partitions = null;
            TreeSet<String> all = new TreeSet<>(keys.keySet());
            all.addAll(now.keys.keySet());
            for (String key : all) {
                JsonNode then = keys.get(key);
                JsonNode here = now.keys.get(key);
                boolean same = then == null ? isDefault(key, here) : then.equals(here);
                if (same || key.startsWith(SHOWN)) {
                    continue;
                }
                if (!key.equals(PARTITIONS) || !otherPartitions) {
                    throw differs(file, key, then, here);
                }
                partitions = text(then);
            }
            return partitions;
        }

        /** Whether a key that did not exist when the run began has its default: that is what was done before there was the key. */
        private static boolean isDefault(String key, JsonNode here) {
            Object value = JobSettings.schema().defaults().get(key);
            String now = here.isArray()
                    ? StreamSupport.stream(here.spliterator(), false)
                            .map(JsonNode::asText)
                            .toList()
                            .toString()
                    : here.asText();
            return value == null ? here.isNull() : now.equals(value.toString());
        }

        private static UserError differs(String file, String key, JsonNode then, JsonNode here) {
            String hint = key.equals(PARTITIONS)
                    ? "; --allow-other-partitions goes on with these, at the price of a result that is not bit-equal"
                    : "";
            return new UserError(
                    UserError.Subject.key(file, key),
                    text(then) + " in the run to resume",
                    text(here) + " as in the configuration now" + hint);
        }

        private static String text(JsonNode value) {
            return value == null ? "nothing" : value.toString();
        }
    }
}

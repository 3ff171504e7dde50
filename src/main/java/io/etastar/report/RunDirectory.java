package io.etastar.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** The directory of one run, on any file system that Hadoop knows: config.json, metrics, checkpoints, model. */
public final class RunDirectory {
    private static final String CONFIG = "config.json";
    private static final List<String> RUN_FILES =
            List.of(CONFIG, MetricsWriter.METRICS, MetricsWriter.SUMMARIES, "checkpoints", "model");

    private final FileSystem files;
    private final Path path;

    private RunDirectory(String directory) throws IOException {
        Path named = new Path(directory);
        FileSystem found = named.getFileSystem(new Configuration());
        // The raw file system can append and leaves no .crc files behind.
        files = found instanceof LocalFileSystem local ? local.getRaw() : found;
        path = files.makeQualified(named);
    }

    /**
     * Checks that a run may begin there; writes nothing.
     *
     * @throws UserError where the directory already holds a run, or is a file
     */
    public static void checkFree(String directory) {
        try {
            RunDirectory run = new RunDirectory(directory);
            if (run.files.exists(run.path) && !run.files.getFileStatus(run.path).isDirectory()) {
                throw new UserError("output " + directory + ": found a file, expected a new directory");
            }
            for (String name : RUN_FILES) {
                if (run.files.exists(new Path(run.path, name))) {
                    throw new UserError("output " + directory + ": found a run (" + name
                            + "), expected a new directory, or --resume to go on with that run");
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
     * @throws UserError where it holds a run or cannot be made
     */
    public static RunDirectory create(String directory, String resolved) {
        checkFree(directory);
        try {
            RunDirectory run = new RunDirectory(directory);
            if (!run.files.mkdirs(run.path)) {
                throw new IOException("no directory can be made there");
            }
            Path temporary = new Path(run.path, "." + CONFIG + ".tmp");
            try (OutputStream out = run.files.create(temporary, true)) {
                out.write(resolved.getBytes(StandardCharsets.UTF_8));
            }
            if (!run.files.rename(temporary, new Path(run.path, CONFIG))) {
                throw new IOException("a file there cannot be renamed");
            }
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
     * @throws UserError naming the first key that differs, or where there is no run
     */
    public static RunDirectory resume(String directory, String resolved) {
        try {
            RunDirectory run = new RunDirectory(directory);
            Path config = new Path(run.path, CONFIG);
            if (!run.files.exists(config)) {
                throw new UserError("output " + directory + ": found no " + CONFIG + ", expected a run to resume");
            }
            try (InputStream in = run.files.open(config)) {
                compare(config.toUri().getPath(), new String(in.readAllBytes(), StandardCharsets.UTF_8), resolved);
            }
            return run;
        } catch (IOException | IllegalArgumentException exception) {
            throw unusable(directory, exception);
        }
    }

    private static void compare(String file, String before, String now) throws IOException {
        Map<String, JsonNode> old = leaves(before);
        Map<String, JsonNode> current = leaves(now);
        TreeSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(current.keySet());
        for (String key : keys) {
            JsonNode then = old.get(key);
            JsonNode here = current.get(key);
            if (then == null || !then.equals(here)) {
                throw new UserError(file + ": key '" + key + "': found " + (then == null ? "nothing" : then)
                        + " in the run to resume, expected " + (here == null ? "nothing" : here)
                        + " as in the configuration now");
            }
        }
    }

    private static Map<String, JsonNode> leaves(String json) throws IOException {
        Map<String, JsonNode> leaves = new TreeMap<>();
        collect("", new ObjectMapper().readTree(json), leaves);
        return leaves;
    }

    private static void collect(String prefix, JsonNode node, Map<String, JsonNode> leaves) {
        Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            if (entry.getValue().isObject()) {
                collect(prefix + entry.getKey() + ".", entry.getValue(), leaves);
            } else {
                leaves.put(prefix + entry.getKey(), entry.getValue());
            }
        }
    }

    private static UserError unusable(String directory, Exception exception) {
        String reason =
                String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
        return new UserError(
                "output " + directory + ": found a place that cannot be used (" + reason
                        + "), expected a directory that can be written",
                exception);
    }

    /** Its full path, for messages and for whoever stores the model and the checkpoints. */
    public String path() {
        return path.toUri().getScheme().equals("file") ? path.toUri().getPath() : path.toString();
    }

    /** Opens the metrics for appending. */
    public MetricsWriter openMetrics() {
        try {
            return new MetricsWriter(files, path);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}

package io.etastar.report;

import io.etastar.UserError;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
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
        files = FileAccess.fileSystem(named);
        path = files.makeQualified(named);
    }

    /**
     * Checks that a run may begin there; writes nothing.
     *
     * @throws UserError if the directory already holds a run, or is a file
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
     * @throws UserError if it holds a run or cannot be made
     */
    public static RunDirectory create(String directory, String resolved) {
        checkFree(directory);
        try {
            RunDirectory run = new RunDirectory(directory);
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
            RunDirectory run = new RunDirectory(directory);
            Path config = new Path(run.path, CONFIG);
            if (!run.files.exists(config)) {
                throw new UserError("output " + directory + ": found no " + CONFIG + ", expected a run to resume");
            }
            RunConfiguration before;
            try (InputStream in = run.files.open(config)) {
                before = RunConfiguration.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
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
                "output " + directory + ": found a place that cannot be used (" + reason
                        + "), expected a directory that can be written",
                exception);
    }

    /** Its full path, for messages and for whoever stores the model and the checkpoints. */
    public String path() {
        return FileAccess.display(path);
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

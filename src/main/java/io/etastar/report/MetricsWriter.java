package io.etastar.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.optimizer.SummaryResult;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.StorageFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes metrics.jsonl (kind step or epoch) and summaries.jsonl, one JSON object a line; numbers that are not finite become
 * null. Each line is handed to the file system at once. The line of the plan is a file of its own, plan.txt.
 */
public final class MetricsWriter implements RunListener, AutoCloseable {
    static final String METRICS = "metrics.jsonl";
    static final String SUMMARIES = "summaries.jsonl";
    private static final String PLAN = "plan.txt";

    private final Path directory;
    private final LineFile metrics;
    private final LineFile summaries;

    MetricsWriter(FileSystem files, Path directory) throws IOException {
        this.directory = directory;
        metrics = new LineFile(files, new Path(directory, METRICS));
        summaries = new LineFile(files, new Path(directory, SUMMARIES));
    }

    /**
     * A line of summaries.jsonl.
     *
     * @param position of the summary in the run
     * @param derivatives means over the samples
     * @param eta the solved rates [S]; null if there are none
     * @param learningRates the rates in use from this step on [S]
     * @param r |D eta|
     * @param solverCase which case of the solver applied
     * @param solveSeconds time of the solver
     */
    private record SummaryLine(
            @JsonUnwrapped Position position,
            @JsonUnwrapped Derivatives derivatives,
            double[] eta,
            double[] learningRates,
            double r,
            @JsonProperty("case") String solverCase,
            double solveSeconds) {
        static SummaryLine of(long step, SummaryResult summary) {
            Double after = Double.isNaN(summary.lossAfter()) ? null : Double.valueOf(summary.lossAfter());
            return new SummaryLine(
                    new Position(
                            step,
                            summary.index(),
                            summary.groups(),
                            summary.mean().loss(),
                            after),
                    new Derivatives(
                            summary.curvature().key(),
                            summary.mean().g(),
                            summary.mean().h(),
                            summary.mean().order3()),
                    summary.solution().eta(),
                    summary.learningRates(),
                    summary.solution().r(),
                    summary.solution().solverCase(),
                    summary.solution().seconds());
        }
    }

    private record Position(
            long step,
            long index,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<List<String>> groups,
            double loss,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double lossAfter) {}

    private record Derivatives(
            String curvature, double[] g, @JsonProperty("H") double[][] h, double[] order3) {}

    /**
     * Forgets everything after step {@code step}: lines of later steps, of epochs that ended later, and a last line that was
     * cut off.
     */
    public void truncateTo(long step) {
        try {
            metrics.retain(line -> stepOf(line) <= step);
            summaries.retain(line -> stepOf(line) <= step);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static long stepOf(String line) {
        try {
            JsonNode node = FiniteJson.MAPPER.readTree(line);
            return node.path(node.has("step") ? "step" : "steps").asLong(Long.MAX_VALUE);
        } catch (JsonProcessingException broken) {
            return Long.MAX_VALUE;
        }
    }

    /** The plan from here on: that of a run which goes on replaces the one before. */
    @Override
    public void plan(String line) {
        Path file = new Path(directory, PLAN);
        StorageFailure.in(file, () -> {
            AtomicFile.write(file, out -> out.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return null;
        });
    }

    @Override
    public void step(StepMetrics step) {
        write(metrics, step);
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        write(summaries, SummaryLine.of(step, summary));
    }

    @Override
    public void epoch(EpochMetrics epoch) {
        write(metrics, epoch);
    }

    @Override
    public void checkpoint(long step, String path) {}

    private static void write(LineFile file, Record line) {
        try {
            file.write(FiniteJson.MAPPER.writeValueAsString(line));
            // A checkpoint that is there must find the lines of its steps after a crash: they come first.
            file.flush();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Closes both files; everything written stays. */
    @Override
    public void close() {
        try (metrics;
                summaries) {
            metrics.flush();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}

package io.etastar.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.optimizer.SummaryResult;
import io.etastar.summary.DerivativeSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes metrics.jsonl (kind step or epoch) and summaries.jsonl, one JSON object a line; numbers that are not finite become
 * null. Each line is handed to the file system at once.
 */
public final class MetricsWriter implements RunListener, AutoCloseable {
    static final String METRICS = "metrics.jsonl";
    static final String SUMMARIES = "summaries.jsonl";

    private final ObjectMapper mapper = new ObjectMapper();
    private final LineFile metrics;
    private final LineFile summaries;

    MetricsWriter(FileSystem files, Path directory) throws IOException {
        metrics = new LineFile(files, new Path(directory, METRICS));
        summaries = new LineFile(files, new Path(directory, SUMMARIES));
    }

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

    private long stepOf(String line) {
        try {
            JsonNode node = mapper.readTree(line);
            return node.path(node.has("step") ? "step" : "steps").asLong(Long.MAX_VALUE);
        } catch (JsonProcessingException broken) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void step(StepMetrics step) {
        ObjectNode line = mapper.createObjectNode().put("kind", "step");
        line.put("step", step.step()).put("epoch", step.epoch());
        put(line, "loss", step.loss());
        put(line, "accuracy", step.accuracy());
        put(line, "gradient_norm", step.gradientNorm());
        line.put("samples", step.samples());
        ObjectNode seconds = line.putObject("seconds");
        StepSeconds times = step.seconds();
        put(seconds, "total", times.total());
        put(seconds, "compute", times.compute());
        put(seconds, "broadcast", times.broadcast());
        put(seconds, "fetch", times.fetch());
        put(seconds, "merge", times.merge());
        put(seconds, "scheduling", times.scheduling());
        put(seconds, "solve", times.solve());
        put(seconds, "update", times.update());
        line.put("result_bytes", step.resultBytes()).put("summary_bytes", step.summaryBytes());
        write(metrics, line);
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        DerivativeSummary mean = summary.mean();
        ObjectNode line = mapper.createObjectNode().put("step", step).put("index", summary.index());
        if (summary.groups() != null) {
            line.set("groups", mapper.valueToTree(summary.groups()));
        }
        put(line, "loss", mean.loss());
        if (!Double.isNaN(summary.lossAfter())) {
            put(line, "loss_after", summary.lossAfter());
        }
        line.set("g", JsonNumbers.of(mean.g()));
        line.set("H", JsonNumbers.of(mean.h()));
        line.set("order3", JsonNumbers.of(mean.order3()));
        line.set("eta", JsonNumbers.of(summary.eta()));
        line.set("learning_rates", JsonNumbers.of(summary.learningRates()));
        put(line, "r", summary.r());
        line.put("case", summary.solverCase());
        put(line, "solve_seconds", summary.solveSeconds());
        write(summaries, line);
    }

    @Override
    public void epoch(EpochMetrics epoch) {
        ObjectNode line = mapper.createObjectNode().put("kind", "epoch");
        line.put("epoch", epoch.epoch()).put("steps", epoch.steps());
        put(line, "train_loss", epoch.trainLoss());
        put(line, "train_accuracy", epoch.trainAccuracy());
        put(line, "test_loss", epoch.testLoss());
        put(line, "test_accuracy", epoch.testAccuracy());
        line.put("no_solution", epoch.noSolution());
        put(line, "seconds", epoch.seconds());
        write(metrics, line);
    }

    @Override
    public void checkpoint(long step, String path) {}

    private static void put(ObjectNode line, String name, double value) {
        line.set(name, JsonNumbers.of(value));
    }

    private void write(LineFile file, ObjectNode line) {
        try {
            file.write(mapper.writeValueAsString(line));
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

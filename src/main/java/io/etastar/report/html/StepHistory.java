package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The steps and epochs of a run. Of many steps runs of consecutive ones become one point, their mean, always the same ones for
 * the same number of steps.
 */
final class StepHistory {
    static final String METRICS = "metrics";
    static final List<String> PARTS =
            List.of("compute", "broadcast", "fetch", "merge", "scheduling", "solve", "update");

    private static final List<String> STEP = List.of("step", "loss", "accuracy", "gradient_norm");
    private static final List<String> EPOCH = List.of(
            "epoch", "steps", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "no_solution", "seconds");
    private static final int CURVE_POINTS = 800;
    private static final int SECONDS_POINTS = 150;

    private final List<double[]> steps = new ArrayList<>();
    private final List<double[]> seconds = new ArrayList<>();
    private final List<double[]> epochs = new ArrayList<>();
    private long line;

    /** Reads a run's metrics. */
    static StepHistory of(RunFiles files) {
        StepHistory history = new StepHistory();
        files.lines(METRICS, text -> history.add(files.parse(METRICS, ++history.line, text)));
        return history;
    }

    private void add(JsonNode node) {
        if (node.path("kind").asText().equals("epoch")) {
            epochs.add(values(node, EPOCH));
        } else if (node.has("step")) {
            steps.add(values(node, STEP));
            seconds.add(values(node.path("seconds"), PARTS));
        }
    }

    private static double[] values(JsonNode node, List<String> names) {
        return names.stream().mapToDouble(name -> Numbers.of(node.path(name))).toArray();
    }

    /** Whether no step was done. */
    boolean isEmpty() {
        return steps.isEmpty();
    }

    long stepsDone() {
        return steps.isEmpty() ? 0 : (long) steps.get(steps.size() - 1)[0];
    }

    int epochsDone() {
        return epochs.size();
    }

    /** A value of the last epoch, NaN if there is none. */
    double last(String name) {
        return epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1)[EPOCH.indexOf(name)];
    }

    /** The largest test accuracy of all epochs, NaN if there is none. */
    double bestTestAccuracy() {
        int column = EPOCH.indexOf("test_accuracy");
        return epochs.stream()
                .mapToDouble(row -> row[column])
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(Double.NaN);
    }

    /** A value of each epoch. */
    double[] ofEpochs(String name) {
        int column = EPOCH.indexOf(name);
        return epochs.stream().mapToDouble(row -> row[column]).toArray();
    }

    /** Mean losses of consecutive parts of the steps; none if there are fewer than two steps for each. */
    double[] lossesOfParts(int parts) {
        if (steps.size() < 2 * parts) {
            return new double[0];
        }
        return IntStream.range(0, parts)
                .mapToDouble(part -> part(part, parts).stream()
                        .mapToDouble(row -> row[STEP.indexOf("loss")])
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    /** The first and the last step of a part. */
    String stepsOfPart(int part, int parts) {
        List<double[]> rows = part(part, parts);
        return (long) rows.get(0)[0] + " to " + (long) rows.get(rows.size() - 1)[0];
    }

    private List<double[]> part(int part, int parts) {
        long n = steps.size();
        return steps.subList((int) (part * n / parts), (int) ((part + 1) * n / parts));
    }

    /** Wall clock of the epochs that ended and of the steps behind them. */
    double totalSeconds() {
        double ended = epochs.stream()
                .mapToDouble(row -> row[EPOCH.indexOf("seconds")])
                .sum();
        long behind = (long) (epochs.isEmpty() ? 0 : last("steps"));
        double rest = 0;
        for (int i = 0; i < steps.size(); i++) {
            rest += steps.get(i)[0] > behind ? stepSeconds(i) : 0;
        }
        return ended + rest;
    }

    private double stepSeconds(int i) {
        double sum = 0;
        for (double part : seconds.get(i)) {
            sum += Double.isNaN(part) ? 0 : part;
        }
        return sum;
    }

    /** Curves over steps: number of the last step of each point, its means, and how many steps a point stands for. */
    ObjectNode curves() {
        int size = Thinning.bucket(steps.size(), CURVE_POINTS);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("mean_of", size);
        node.set("step", Thinning.last(steps, 0, size));
        for (int column = 1; column < STEP.size(); column++) {
            node.set(STEP.get(column), Thinning.means(steps, column, size));
        }
        return node;
    }

    /** Seconds of a step over time, split by where they went, and their sums over the run. */
    ObjectNode seconds() {
        int size = Thinning.bucket(steps.size(), SECONDS_POINTS);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("mean_of", size);
        node.set("step", Thinning.last(steps, 0, size));
        ObjectNode totals = JsonNodeFactory.instance.objectNode();
        double inSteps = 0;
        for (int column = 0; column < PARTS.size(); column++) {
            int part = column;
            node.set(PARTS.get(column), Thinning.means(seconds, column, size));
            double total = seconds.stream()
                    .mapToDouble(row -> Double.isNaN(row[part]) ? 0 : row[part])
                    .sum();
            totals.set(PARTS.get(column), Numbers.rounded(total));
            inSteps += total;
        }
        totals.set("between_steps", Numbers.rounded(Math.max(0, totalSeconds() - inSteps)));
        node.set("totals", totals);
        return node;
    }

    /** All epochs, a column each; elapsed: seconds from the beginning to the end of the epoch. */
    ObjectNode epochs() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        int size = Thinning.bucket(epochs.size(), CURVE_POINTS);
        for (int column = 0; column < EPOCH.size(); column++) {
            node.set(EPOCH.get(column), Thinning.last(epochs, column, size));
        }
        List<double[]> elapsed = new ArrayList<>();
        double sum = 0;
        for (double seconds : ofEpochs("seconds")) {
            sum += seconds;
            elapsed.add(new double[] {sum});
        }
        node.set("elapsed", Thinning.last(elapsed, 0, size));
        return node;
    }
}

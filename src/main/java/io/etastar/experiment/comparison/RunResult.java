package io.etastar.experiment.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param id which one
 * @param key digest of the keys that it was made with: a run of other keys is another one
 * @param work what it has cost
 * @param losses what it has reached
 */
record RunResult(Id id, String key, Work work, Losses losses) {
    private static final int DIGITS = 7;

    /**
     * Which run of a workload.
     *
     * @param batch rows of a batch
     * @param budget in units of the workload
     * @param optimizer a competitor's name
     * @param seed of all that is drawn
     */
    record Id(int batch, double budget, String optimizer, long seed) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int order = Integer.compare(batch, other.batch);
            order = order != 0 ? order : Double.compare(budget, other.budget);
            order = order != 0 ? order : optimizer.compareTo(other.optimizer);
            return order != 0 ? order : Long.compare(seed, other.seed);
        }
    }

    /**
     * What a run has cost.
     *
     * @param steps made
     * @param summaries made
     * @param passes gradients of rows, and all else in their measure
     * @param seconds of training, without reading data and without evaluation
     */
    record Work(long steps, long summaries, double passes, double seconds) {}

    /**
     * Mean losses of the model that is kept, over all rows.
     *
     * @param train infinite if training has diverged
     * @param test the same; NaN if there are no test rows
     * @param testAccuracy NaN if targets are not classes
     */
    record Losses(double train, double test, double testAccuracy) {
        static final Losses DIVERGED = new Losses(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN);
    }

    /** One flat object; what is not finite is null. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("batch", id.batch());
        json.put("budget", number(id.budget()));
        json.put("optimizer", id.optimizer());
        json.put("seed", id.seed());
        json.put("key", key);
        json.put("steps", work.steps());
        json.put("summaries", work.summaries());
        json.put("passes", number(work.passes()));
        json.put("seconds", number(work.seconds()));
        json.put("train_loss", number(losses.train()));
        json.put("test_loss", number(losses.test()));
        json.put("test_accuracy", number(losses.testAccuracy()));
        return json;
    }

    private static @Nullable BigDecimal number(double value) {
        return Double.isFinite(value) ? new BigDecimal(value, new MathContext(DIGITS)).stripTrailingZeros() : null;
    }

    /** For people: {@code OPTIMIZER, seed S: train_loss=L steps=N seconds=S}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, seed %d: train_loss=%.6g steps=%d seconds=%.2f",
                id.optimizer(),
                id.seed(),
                losses.train(),
                work.steps(),
                work.seconds());
    }

    /** What {@link #json} has written. */
    static RunResult of(JsonNode json) {
        double train = number(json, "train_loss", Double.POSITIVE_INFINITY);
        double otherwise = Double.isInfinite(train) ? train : Double.NaN;
        return new RunResult(
                new Id(
                        json.path("batch").asInt(),
                        json.path("budget").asDouble(),
                        json.path("optimizer").asText(),
                        json.path("seed").asLong()),
                json.path("key").asText(),
                new Work(
                        json.path("steps").asLong(),
                        json.path("summaries").asLong(),
                        json.path("passes").asDouble(),
                        json.path("seconds").asDouble()),
                new Losses(train, number(json, "test_loss", otherwise), number(json, "test_accuracy", Double.NaN)));
    }

    private static double number(JsonNode json, String name, double otherwise) {
        return json.path(name).isNumber() ? json.path(name).asDouble() : otherwise;
    }
}

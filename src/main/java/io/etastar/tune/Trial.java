package io.etastar.tune;

import io.etastar.training.TrainingResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that were tried, and what training with them gave.
 *
 * @param keys by path, as a job file has them
 * @param figures means over the seeds
 * @param seconds that training took, of all seeds
 */
public record Trial(Map<String, String> keys, Figures figures, double seconds) {
    /** The keys stay in their order. */
    public Trial {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /**
     * Figures of trained models.
     *
     * @param validationLoss mean loss of the validation rows; NaN if training diverged
     * @param validationAccuracy NaN if there are no classes, or if training diverged
     * @param trainLoss mean loss of the last epoch's batches; NaN if training diverged
     * @param diverged where training diverged; null if it ended well
     */
    public record Figures(
            double validationLoss,
            double validationAccuracy,
            double trainLoss,
            @Nullable String diverged) {
        /** Means over runs, at least one. */
        static Figures mean(List<TrainingResult> runs) {
            return new Figures(
                    mean(runs, TrainingResult::testLoss),
                    mean(runs, TrainingResult::testAccuracy),
                    mean(runs, TrainingResult::trainLoss),
                    null);
        }

        private static double mean(List<TrainingResult> runs, ToDoubleFunction<TrainingResult> figure) {
            return runs.stream().mapToDouble(figure).average().orElseThrow();
        }

        static Figures diverged(String reason) {
            return new Figures(Double.NaN, Double.NaN, Double.NaN, reason);
        }
    }

    /**
     * Options of {@code jobs/train.sh}, quoted for a shell where that is needed.
     *
     * @param overrides of the job, {@code path=value} each; the keys follow them
     */
    public String options(List<String> overrides) {
        return Stream.concat(
                        overrides.stream(), keys.entrySet().stream().map(key -> key.getKey() + "=" + key.getValue()))
                .map(override -> "--set " + quoted(override))
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return text.matches("[-+A-Za-z0-9_.=,:/]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}

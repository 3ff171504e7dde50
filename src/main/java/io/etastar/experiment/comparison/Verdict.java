package io.etastar.experiment.comparison;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One cell of a comparison: a workload with a batch and a budget, and the mean results of each optimizer over the seeds.
 *
 * @param cell which one
 * @param ours what is compared with the others
 * @param untuned the rival without tuning that has the lowest training loss
 * @param tuned the reference with the best of its rates
 * @param means of all competitors whose runs are all there, in their order
 * @param missing runs that are not there
 */
record Verdict(Cell cell, Mean ours, Mean untuned, Mean tuned, Map<Competitor, Mean> means, int missing) {
    /**
     * A workload with a batch and a budget.
     *
     * @param workload which one
     * @param batch rows of a batch
     * @param budget in the workload's units
     */
    record Cell(Workload workload, int batch, double budget) {
        @Override
        public String toString() {
            return workload.name() + " batch=" + batch + " budget=" + text(budget);
        }
    }

    /**
     * Means over the seeds.
     *
     * @param name of the competitor
     * @param trainLoss training loss of the models that are kept
     * @param seconds of training
     */
    record Mean(String name, double trainLoss, double seconds) {
        static @Nullable Mean of(String name, List<@Nullable RunResult> runs) {
            if (runs.contains(null)) {
                return null;
            }
            return new Mean(
                    name,
                    runs.stream().mapToDouble(run -> run.losses().train()).sum() / runs.size(),
                    runs.stream().mapToDouble(run -> run.work().seconds()).sum() / runs.size());
        }
    }

    /**
     * What the results say of a cell.
     *
     * @param runs results of each competitor with each seed, null if there is none; in the file's order
     * @param ours name of the one that counts
     * @param reference group of the tuned one whose ratio is told
     * @return null if one of the three that a line needs is not there
     */
    static @Nullable Verdict of(
            Cell cell, Map<Competitor, List<@Nullable RunResult>> runs, String ours, String reference) {
        Map<Competitor, Mean> means = new LinkedHashMap<>();
        int missing = 0;
        for (Map.Entry<Competitor, List<@Nullable RunResult>> entry : runs.entrySet()) {
            Mean mean = Mean.of(entry.getKey().name(), entry.getValue());
            missing +=
                    (int) entry.getValue().stream().filter(run -> run == null).count();
            if (mean != null) {
                means.put(entry.getKey(), mean);
            }
        }
        Mean our = best(means, competitor -> competitor.name().equals(ours));
        Mean untuned = best(means, competitor -> competitor.group().equals(Competitor.UNTUNED));
        Mean tuned = best(means, competitor -> competitor.group().equals(reference));
        return our == null || untuned == null || tuned == null
                ? null
                : new Verdict(cell, our, untuned, tuned, means, missing);
    }

    private static @Nullable Mean best(Map<Competitor, Mean> means, Predicate<Competitor> which) {
        return means.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.comparingDouble(Mean::trainLoss))
                .orElse(null);
    }

    /** The best of a group; null if there is none. */
    @Nullable
    Mean best(String group) {
        return best(means, competitor -> competitor.group().equals(group));
    }

    /** Our training loss over that of the best untuned rival. */
    double ratioUntuned() {
        return ratio(ours, untuned);
    }

    /** Our training loss over that of the tuned reference. */
    double ratioTuned() {
        return ratio(ours, tuned);
    }

    /** 1 if both have diverged. */
    private static double ratio(Mean ours, Mean other) {
        return ours.trainLoss() == other.trainLoss() ? 1 : ours.trainLoss() / other.trainLoss();
    }

    /** {@code NAME batch=B budget=U ours=L ...}; runs that are missing are counted at its end. */
    String line(String reference) {
        return String.format(
                        Locale.ROOT,
                        "%s ours=%.6g best_untuned=%.6g (%s) tuned_%s=%.6g ratio_untuned=%.4f ratio_%s=%.4f",
                        cell,
                        ours.trainLoss(),
                        untuned.trainLoss(),
                        untuned.name(),
                        reference,
                        tuned.trainLoss(),
                        ratioUntuned(),
                        reference,
                        ratioTuned())
                + (missing == 0 ? "" : " missing=" + missing);
    }

    /** A budget as people write it. */
    static String text(double budget) {
        return budget == Math.rint(budget) ? Long.toString((long) budget) : Double.toString(budget);
    }
}

package io.etastar.experiment.comparison;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The part of a comparison that is run; an empty list is all.
 *
 * @param workloads names
 * @param batches rows of a batch
 * @param budgets in the workloads' units
 * @param optimizers names, or those of tuned ones for all of their rates
 * @param which of the workloads, seeds
 */
public record Selection(
        List<String> workloads, List<Integer> batches, List<Double> budgets, List<String> optimizers, Which which) {
    /**
     * Which workloads and runs.
     *
     * @param heldOut whether workloads that are held out are run, in place of those that choices are made on
     * @param again whether runs are made that have a result
     * @param seeds runs of each optimizer
     */
    public record Which(boolean heldOut, boolean again, int seeds) {}

    /** The workloads that are meant; those that are named whatever half they are of, if {@code heldOut} does not forbid it. */
    List<Workload> chosen(List<Workload> all) {
        checkNames("--workload", workloads, all.stream().map(Workload::name).toList());
        List<Workload> half = all.stream()
                .filter(workload -> workload.settings().chosenOn() != which.heldOut())
                .toList();
        for (String name : workloads) {
            if (half.stream().noneMatch(workload -> workload.name().equals(name))) {
                throw new UserError(
                        UserError.Subject.of("--workload"),
                        "'" + name + "'",
                        which.heldOut()
                                ? "one that is held out: without --held-out it is run"
                                : "one that choices are made on: it is held out, --held-out runs it");
            }
        }
        return half.stream()
                .filter(workload -> workloads.isEmpty() || workloads.contains(workload.name()))
                .toList();
    }

    /** The competitors that are run. */
    List<Competitor> competitors(List<Competitor> all) {
        List<String> known = new ArrayList<>();
        all.forEach(each -> List.of(each.name(), each.group()).forEach(name -> {
            if (!known.contains(name)) {
                known.add(name);
            }
        }));
        checkNames("--optimizer", optimizers, known);
        return all.stream()
                .filter(each ->
                        optimizers.isEmpty() || optimizers.contains(each.name()) || optimizers.contains(each.group()))
                .toList();
    }

    /** The batches of a workload that are run. */
    List<Integer> batches(Workload workload) {
        return some(workload.settings().batches(), batches);
    }

    /** The budgets that are run. */
    List<Double> budgets(List<Double> all) {
        return some(all, budgets);
    }

    /** @throws UserError if a batch or a budget is none of the file's */
    void check(List<Workload> all, List<Double> allBudgets) {
        List<Integer> known = all.stream()
                .flatMap(workload -> workload.settings().batches().stream())
                .distinct()
                .sorted()
                .toList();
        checkNames("--batch", texts(batches, String::valueOf), texts(known, String::valueOf));
        checkNames("--budget", texts(budgets, Verdict::text), texts(allBudgets, Verdict::text));
    }

    private static <T> List<T> some(List<T> all, List<T> wanted) {
        return all.stream()
                .filter(each -> wanted.isEmpty() || wanted.contains(each))
                .toList();
    }

    private static <T> List<String> texts(List<T> values, Function<T, String> text) {
        return values.stream().map(text).toList();
    }

    private static void checkNames(String option, List<String> names, List<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UserError(
                        UserError.Subject.of(option), "'" + name + "'", "one of " + String.join(", ", known));
            }
        }
    }
}

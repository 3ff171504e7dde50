package io.etastar.experiment;

import io.etastar.UserError;
import io.etastar.settings.ExperimentFile;
import io.etastar.settings.OptimizerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Runs the optimizers of an experiment one after another, each with every seed. */
public final class ExperimentRunner {
    private final ExperimentFile file;
    private final RunContext context;
    private final int seeds;
    private final List<OptimizerEntry> optimizers;
    private final Experiment experiment;

    /**
     * Checks everything; starts nothing.
     *
     * @param file the experiment
     * @param context what it may use
     * @param seeds runs of each optimizer
     * @param names optimizers to run, in the file's order; all of them where empty
     * @throws UserError if a name or a key is wrong
     */
    public ExperimentRunner(ExperimentFile file, RunContext context, int seeds, List<String> names) {
        this.file = file;
        this.context = context;
        this.seeds = seeds;
        optimizers = chosen(file, names);
        experiment = Experiments.create(file, context);
        optimizers.forEach(experiment::check);
    }

    private static List<OptimizerEntry> chosen(ExperimentFile file, List<String> names) {
        List<String> known =
                file.optimizers().stream().map(OptimizerEntry::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UserError("--optimizer: found '" + name + "', expected one of " + String.join(", ", known));
            }
        }
        return file.optimizers().stream()
                .filter(entry -> names.isEmpty() || names.contains(entry.name()))
                .toList();
    }

    /**
     * Runs all.
     *
     * @param results takes a line {@code experiment NAME optimizer=O figure=VALUE ... seeds=N seconds=S} for each optimizer as
     *     soon as its last run ends; S is the time of all its runs
     */
    public void run(Consumer<String> results) throws IOException {
        if (context.output() != null) {
            LossFile.create(context.output());
        }
        context.progress().accept(header());
        for (OptimizerEntry optimizer : optimizers) {
            long start = System.nanoTime();
            Outcome mean = Outcome.mean(runs(optimizer));
            results.accept(line(optimizer, mean, (System.nanoTime() - start) / 1e9));
        }
        experiment.end();
    }

    private String header() {
        String names = optimizers.stream().map(OptimizerEntry::name).collect(Collectors.joining(", "));
        String cut = context.scale() == 1 ? "" : ", cut to scale " + context.scale() + ": not the published length";
        return "experiment " + file.name() + ": " + file.description() + "; " + names + "; seeds " + file.firstSeed()
                + " to " + (file.firstSeed() + seeds - 1) + cut;
    }

    private List<Outcome> runs(OptimizerEntry optimizer) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = file.firstSeed(); seed < file.firstSeed() + seeds; seed++) {
            Outcome outcome = run(optimizer, seed);
            context.progress().accept(optimizer.name() + ", seed " + seed + ": " + outcome);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private Outcome run(OptimizerEntry optimizer, long seed) throws IOException {
        if (context.output() == null) {
            return experiment.run(optimizer, seed, StepLosses.NONE);
        }
        Path losses = context.output().resolve(optimizer.name() + "-" + seed + ".csv");
        try (LossFile out = new LossFile(losses)) {
            return experiment.run(optimizer, seed, out);
        }
    }

    private String line(OptimizerEntry optimizer, Outcome mean, double seconds) {
        String scale = context.scale() == 1 ? "" : " scale=" + context.scale();
        return String.format(
                Locale.ROOT,
                "experiment %s optimizer=%s %s%s seeds=%d seconds=%.1f",
                file.name(),
                optimizer.name(),
                mean,
                scale,
                seeds,
                seconds);
    }
}

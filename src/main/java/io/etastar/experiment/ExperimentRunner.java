package io.etastar.experiment;

import io.etastar.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the optimizers of an experiment one after another, each with every seed. */
public final class ExperimentRunner {
    private final ExperimentFile file;
    private final RunContext context;
    private final int seeds;
    private final List<OptimizerEntry> optimizers;
    private final Kept kept;
    private final Experiment experiment;

    /**
     * What lasts.
     *
     * @param results directory of a file with all runs, which are not made again with the same keys; null for none
     * @param figures directory of figures {@code EXPERIMENT-CHART.png}; null for none
     * @param again whether runs are made that have a result
     */
    public record Kept(@Nullable Path results, @Nullable Path figures, boolean again) {}

    /**
     * Checks everything; starts nothing.
     *
     * @param file the experiment
     * @param context what it may use
     * @param seeds runs of each optimizer
     * @param names optimizers to run, in the file's order; all of them if empty
     * @param kept what lasts
     * @throws UserError if a name or a key is wrong
     */
    public ExperimentRunner(ExperimentFile file, RunContext context, int seeds, List<String> names, Kept kept) {
        this.kept = kept;
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
                throw new UserError(
                        UserError.Subject.of("--optimizer"), "'" + name + "'", "one of " + String.join(", ", known));
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
        if (kept.results() != null) {
            new StoredRuns(kept.results(), file.name()).check();
        }
        context.progress().accept(header());
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        for (OptimizerEntry optimizer : optimizers) {
            List<StoredRuns.Run> runs = runs(optimizer);
            List<Outcome> each = runs.stream().map(StoredRuns.Run::outcome).toList();
            double seconds = runs.stream().mapToDouble(StoredRuns.Run::seconds).sum();
            results.accept(line(optimizer, Outcome.mean(each), seconds));
            outcomes.put(optimizer.name(), each);
        }
        Charts charts = new Charts(title(), outcomes);
        draw(charts, context.output(), "");
        draw(charts, kept.figures(), file.name() + "-");
    }

    private void draw(Charts charts, @Nullable Path directory, String prefix) throws IOException {
        if (directory != null) {
            Files.createDirectories(directory);
            charts.draw(directory, prefix, experiment.charts());
            charts.drawMatrices(directory, prefix, file.firstSeed());
        }
    }

    private String title() {
        return file.name() + (context.scale() == 1 ? "" : " at scale " + context.scale());
    }

    private String header() {
        String names = optimizers.stream().map(OptimizerEntry::name).collect(Collectors.joining(", "));
        String cut = context.scale() == 1 ? "" : ", cut to scale " + context.scale() + ": not the published length";
        return "experiment " + file.name() + ": " + file.description() + "; " + names + "; seeds " + file.firstSeed()
                + " to " + (file.firstSeed() + seeds - 1) + cut;
    }

    private List<StoredRuns.Run> runs(OptimizerEntry optimizer) throws IOException {
        List<StoredRuns.Run> runs = new ArrayList<>();
        StoredRuns stored = kept.results() == null ? null : new StoredRuns(kept.results(), file.name());
        for (long seed = file.firstSeed(); seed < file.firstSeed() + seeds; seed++) {
            String key = file.digest(optimizer);
            StoredRuns.Id id = new StoredRuns.Id(optimizer.name(), context.scale(), seed);
            StoredRuns.Run run = stored == null || kept.again() ? null : stored.get(id, key);
            if (run == null) {
                long start = System.nanoTime();
                Outcome outcome = run(optimizer, seed);
                run = new StoredRuns.Run(key, (System.nanoTime() - start) / 1e9, outcome);
                if (stored != null) {
                    stored.put(id, run);
                }
            }
            context.progress().accept(optimizer.name() + ", seed " + seed + ": " + run.outcome());
            runs.add(run);
        }
        return runs;
    }

    private Outcome run(OptimizerEntry optimizer, long seed) throws IOException {
        if (context.output() == null) {
            return experiment.run(optimizer, seed, Experiment.StepLosses.NONE);
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

    /** Kinds of experiments by name. */
    private static final class Experiments {
        private static final Map<String, Kind> KINDS = Map.of(
                "rosenbrock",
                new Kind(Set.of("steps"), Rosenbrock::new),
                "training",
                new Kind(Set.of("job"), TrainingExperiment::new),
                "interactions",
                new Kind(Set.of("job", "epochs", "rows"), InteractionsExperiment::new),
                "costs",
                new Kind(Set.of("job", "partitions", "rows"), CostsExperiment::new),
                "noisy-bowl",
                new Kind(
                        Set.of(
                                "steps",
                                "seconds",
                                "dimension",
                                "least_eigenvalue",
                                "sigma",
                                "sigmas",
                                "negative",
                                "begin_at_newton",
                                "frozen_steps"),
                        NoisyBowl::new));

        private Experiments() {}

        /**
         * A kind.
         *
         * @param keys that it uses beside those of every experiment
         * @param create the experiment of a file
         */
        private record Kind(Set<String> keys, BiFunction<ExperimentFile, RunContext, Experiment> create) {}

        /**
         * The experiment of a file; starts nothing.
         *
         * @throws io.etastar.UserError at a key that the kind does not use, or needs and does not find
         */
        static Experiment create(ExperimentFile file, RunContext context) {
            Kind kind = Objects.requireNonNull(KINDS.get(file.kind()));
            file.only(kind.keys());
            return kind.create().apply(file, context);
        }
    }

    /** The losses of a run in a file of lines {@code step,loss}. */
    private static final class LossFile implements Experiment.StepLosses, AutoCloseable {
        private final BufferedWriter out;

        LossFile(Path file) throws IOException {
            out = Files.newBufferedWriter(file);
            out.write("step,loss\n");
        }

        /**
         * Makes the directory of an experiment's files.
         *
         * @throws UserError if there is something in it
         */
        static void create(Path directory) throws IOException {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new UserError(UserError.Subject.of("--output"), "a file at " + directory, "a new directory");
            }
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw new UserError(UserError.Subject.of("--output"), "files in " + directory, "a new directory");
                }
            }
        }

        @Override
        public void step(long step, double loss) {
            try {
                out.write(step + "," + loss + "\n");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}

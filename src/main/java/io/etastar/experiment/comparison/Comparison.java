package io.etastar.experiment.comparison;

import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.RunContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains every workload with every optimizer at its batches and budgets, and tells how the training loss of ours compares with that of
 * the best rival without tuning and of a tuned one.
 */
public final class Comparison {
    /** Kind of experiment. */
    public static final String KIND = "workloads";

    private static final Set<String> KEYS =
            Set.of("workloads", "budgets", "ours", "reference", "tuned", "variants", "job");
    private static final int KEY_BYTES = 6;

    private final ExperimentFile file;
    private final RunContext context;
    private final Selection selection;
    private final Results results;
    private final List<Workload> workloads;
    private final List<Competitor> competitors;
    private final String ours;
    private final String reference;

    /**
     * Checks everything that can be checked without data; starts nothing.
     *
     * @param file of kind workloads
     * @param context what it may use
     * @param selection the part that is run
     * @param results directory of results, those of earlier processes among them; null to keep none
     * @throws UserError if a name or a key is wrong
     */
    public Comparison(ExperimentFile file, RunContext context, Selection selection, @Nullable Path results) {
        this.file = file;
        this.context = context;
        this.selection = selection;
        this.results = new Results(results);
        file.only(KEYS);
        workloads = Workload.of(file);
        competitors = Competitor.of(file);
        ours = file.list("ours", String.class).stream()
                .findFirst()
                .orElseThrow(() -> file.mistake("ours", "names of optimizers, at least one"));
        reference = file.text("reference") == null ? "" : file.text("reference");
        checkNames();
        selection.check(workloads, budgets());
        selection.competitors(competitors);
        for (Workload workload : selection.chosen(workloads)) {
            competitors.forEach(each -> workload.configuration(each, 1, file.firstSeed(), 1));
        }
    }

    private void checkNames() {
        for (String name : file.list("ours", String.class)) {
            if (competitors.stream().noneMatch(each -> each.name().equals(name))) {
                throw file.mistake("ours", "names of optimizers");
            }
        }
        if (!file.block("tuned").containsKey(reference)) {
            throw file.mistake("reference", "one of " + String.join(", ", ExperimentFile.names(file.block("tuned"))));
        }
    }

    private List<Double> budgets() {
        return file.list("budgets", Double.class);
    }

    /**
     * Makes the runs that have no result, and tells of each cell as soon as its runs are done.
     *
     * @param lines takes {@code NAME WORKLOAD batch=B budget=U ours=L ...} for each cell, at the end {@code NAME geomean_untuned=R ...}
     */
    public void run(Consumer<String> lines) throws IOException {
        List<Workload> chosen = selection.chosen(workloads);
        int leftOut = 0;
        for (Workload workload : chosen) {
            String missing = workload.missing(workload.configuration(competitors.get(0), 1, file.firstSeed(), 1));
            if (missing == null) {
                run(workload, lines);
            } else {
                leftOut++;
                context.progress()
                        .accept("left out: " + workload.name() + ", for nothing is at " + missing
                                + " (docs/experiments.md says how its data are made)");
            }
        }
        tell(lines);
        context.progress()
                .accept(verdicts().size() + " of " + cells(workloads, budgets()).size() + " cells have results; "
                        + leftOut + " of " + chosen.size() + " workloads were left out");
    }

    /**
     * Runs nothing; tells what the results say of all cells, and writes it into a page.
     *
     * @param page Markdown with the marks of {@link ResultPage}
     * @param lines as {@link #run} has them
     * @throws UserError if the page has no place for it
     */
    public void write(Path page, Consumer<String> lines) throws IOException {
        List<Verdict> verdicts = verdicts();
        verdicts.forEach(verdict -> lines.accept(file.name() + " " + verdict.line(reference)));
        tell(lines);
        int seeds = selection.which().seeds();
        new ResultPage(file.name(), new Totals(verdicts), reference)
                .write(page, seeds == 1 ? "one seed" : "means over " + seeds + " seeds");
    }

    private void run(Workload workload, Consumer<String> lines) throws IOException {
        try (WorkloadRuns runs = new WorkloadRuns(workload, context)) {
            for (Verdict.Cell cell : cells(List.of(workload), selection.budgets(budgets()))) {
                if (selection.batches(workload).contains(cell.batch())) {
                    run(cell, runs);
                    tell(cell, lines);
                }
            }
        }
    }

    private void run(Verdict.Cell cell, WorkloadRuns runs) throws IOException {
        List<Competitor> running = selection.competitors(competitors);
        for (long seed : seeds()) {
            for (Competitor competitor : running) {
                RunResult.Id id = id(cell, competitor, seed);
                if (selection.which().again() || result(cell, competitor, seed) == null) {
                    RunResult result = runs.run(competitor, id, key(cell.workload(), competitor));
                    results.put(cell.workload().name(), result);
                    context.progress()
                            .accept(cell + " " + competitor.name() + ", seed " + seed + ": train_loss="
                                    + (float) result.losses().train() + " steps="
                                    + result.work().steps() + " seconds="
                                    + (float) result.work().seconds());
                }
            }
        }
    }

    /** The result of a run with the keys of today; null if there is none. */
    private @Nullable RunResult result(Verdict.Cell cell, Competitor competitor, long seed) throws IOException {
        RunResult found = results.get(cell.workload().name(), id(cell, competitor, seed));
        return found != null && found.key().equals(key(cell.workload(), competitor)) ? found : null;
    }

    private static RunResult.Id id(Verdict.Cell cell, Competitor competitor, long seed) {
        return new RunResult.Id(cell.batch(), cell.budget(), competitor.name(), seed);
    }

    private List<Long> seeds() {
        long first = file.firstSeed();
        return LongStream.range(first, first + selection.which().seeds())
                .boxed()
                .toList();
    }

    private String key(Workload workload, Competitor competitor) {
        String text = context.scale() + " " + workload.given(competitor);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Verdict.Cell> cells(List<Workload> of, List<Double> budgets) {
        List<Verdict.Cell> cells = new ArrayList<>();
        for (Workload workload : of) {
            for (double budget : budgets) {
                for (int batch : workload.settings().batches()) {
                    cells.add(new Verdict.Cell(workload, batch, budget));
                }
            }
        }
        return cells;
    }

    private @Nullable Verdict verdict(Verdict.Cell cell) throws IOException {
        Map<Competitor, List<@Nullable RunResult>> runs = new LinkedHashMap<>();
        for (Competitor competitor : competitors) {
            List<@Nullable RunResult> each = new ArrayList<>();
            for (long seed : seeds()) {
                each.add(result(cell, competitor, seed));
            }
            runs.put(competitor, each);
        }
        return Verdict.of(cell, runs, ours, reference);
    }

    /** All cells that have the results that a line needs. */
    private List<Verdict> verdicts() throws IOException {
        List<Verdict> all = new ArrayList<>();
        for (Verdict.Cell cell : cells(workloads, budgets())) {
            Verdict verdict = verdict(cell);
            if (verdict != null) {
                all.add(verdict);
            }
        }
        return all;
    }

    private void tell(Verdict.Cell cell, Consumer<String> lines) throws IOException {
        Verdict verdict = verdict(cell);
        if (verdict == null) {
            context.progress().accept(cell + ": too few results for a line");
        } else {
            lines.accept(file.name() + " " + verdict.line(reference));
        }
    }

    private void tell(Consumer<String> lines) throws IOException {
        lines.accept(file.name() + " " + new Totals(verdicts()).line(reference));
    }
}

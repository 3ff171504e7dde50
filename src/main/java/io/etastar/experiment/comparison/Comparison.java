package io.etastar.experiment.comparison;

import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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

    private final ExperimentFile file;
    private final RunContext context;
    private final Selection selection;
    private final Results results;
    private final List<Workload> workloads;
    private final List<Competitor> competitors;
    private final Scores scores;

    /**
     * Checks everything that can be checked without data; starts nothing.
     *
     * @param file of kind workloads
     * @param context what it may use
     * @param selection the part that is run
     * @param directory of results, those of earlier processes among them; null to keep none
     * @throws UserError if a name or a key is wrong
     */
    public Comparison(ExperimentFile file, RunContext context, Selection selection, @Nullable Path directory) {
        this.file = file;
        this.context = context;
        this.selection = selection;
        results = new Results(directory);
        file.only(KEYS);
        workloads = Workload.of(file);
        competitors = Competitor.of(file);
        scores = new Scores(file, results, competitors, selection.which().seeds(), context.scale());
        checkNames();
        selection.check(workloads, budgets());
        selection.competitors(competitors);
        for (Workload workload : selection.chosen(workloads)) {
            competitors.forEach(each -> workload.configuration(each, 1, file.firstSeed(), 1));
        }
    }

    private void checkNames() {
        List<String> ours = file.list("ours", String.class);
        List<String> names = competitors.stream().map(Competitor::name).toList();
        if (ours.isEmpty() || !names.containsAll(ours)) {
            throw file.mistake("ours", "names of optimizers");
        }
        if (!file.block("tuned").containsKey(scores.reference())) {
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
        List<Verdict.Cell> all = cells(workloads, budgets());
        List<Verdict> known = scores.verdicts(all);
        lines.accept(file.name() + " " + new Totals(known).line(scores.reference()));
        context.progress()
                .accept(known.size() + " of " + all.size() + " cells have results; " + leftOut + " of " + chosen.size()
                        + " workloads were left out");
    }

    /**
     * Runs nothing; tells what the results say of all cells, and writes it into a page.
     *
     * @param page Markdown with the marks of {@link ResultPage}
     * @param lines as {@link #run} has them
     * @throws UserError if the page has no place for it
     */
    public void write(Path page, Consumer<String> lines) throws IOException {
        Totals totals = new Totals(scores.verdicts(cells(workloads, budgets())));
        String reference = scores.reference();
        totals.verdicts().forEach(verdict -> lines.accept(file.name() + " " + verdict.line(reference)));
        lines.accept(file.name() + " " + totals.line(reference));
        int seeds = scores.seeds();
        new ResultPage(file.name(), totals, reference)
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
        for (long seed : scores.runs()) {
            for (Competitor competitor : running) {
                if (selection.which().again() || scores.result(cell, competitor, seed) == null) {
                    RunResult result = runs.run(
                            competitor, Scores.id(cell, competitor, seed), scores.key(cell.workload(), competitor));
                    results.put(cell.workload().name(), result);
                    context.progress().accept(cell + " " + result);
                }
            }
        }
    }

    private void tell(Verdict.Cell cell, Consumer<String> lines) throws IOException {
        Verdict verdict = scores.verdict(cell);
        if (verdict == null) {
            context.progress().accept(cell + ": too few results for a line");
        } else {
            lines.accept(file.name() + " " + verdict.line(scores.reference()));
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
}

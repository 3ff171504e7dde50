package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.RunContext;
import io.etastar.experiment.comparison.Comparison;
import io.etastar.experiment.comparison.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments of kind workloads. */
class ComparisonTest {
    private static final double UNIT = 2000;
    private static final int BATCH = 50;

    @TempDir
    Path directory;

    private String file;
    private Path results;

    @BeforeEach
    void write() throws IOException {
        results = directory.resolve("results");
        file = Files.writeString(directory.resolve("small.conf"), """
                kind = workloads
                budgets = [1, 2]
                ours = [newton-summary]
                reference = adam
                job { data.partitions = 1, model.hidden_layers = [8] }
                workloads {
                  digits { chosen_on = true, unit = 2000, rows = 1000, batches = [50], job.data.source = digits }
                  penguins {
                    unit = 2000, batches = [50, 100]
                    job {
                      model.loss = mse
                      data { source = csv, path = examples/penguins.csv, label = body_mass_g, test_share = 0.3, handle_invalid = skip }
                    }
                  }
                  absent { chosen_on = true, unit = 2000, batches = [50], job.data { source = idx, path = nowhere } }
                }
                optimizers {
                  newton-summary { name = newton-summary, preset = solved, job.partition = wb }
                  prodigy { name = prodigy }
                  gen { name = gen }
                }
                tuned { adam { name = adam, rates = [1.0e-3, 0.015] } }
                variants { linear { decay = linear }, averaged { decay = none, model_average.kind = moving } }
                """).toString();
    }

    private JobRun run(String... more) {
        List<String> all = new ArrayList<>(List.of(file, "--results", results.toString()));
        all.addAll(List.of(more));
        JobRun run = JobRun.of(Experiment::run, all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private List<JsonNode> runs(String workload) throws IOException {
        List<JsonNode> runs = new ArrayList<>();
        new ObjectMapper()
                .readTree(results.resolve(workload + ".json").toFile())
                .path("runs")
                .forEach(runs::add);
        return runs;
    }

    private static long made(JobRun run) {
        return run.err().lines().filter(line -> line.contains("train_loss=")).count();
    }

    private static double best(List<JsonNode> runs, String optimizers) {
        return runs.stream()
                .filter(run -> run.path("optimizer").asText().matches(optimizers))
                .mapToDouble(run -> run.path("train_loss").asDouble())
                .min()
                .orElseThrow();
    }

    private static double field(String line, String name) {
        return Double.parseDouble(line.replaceFirst(".* " + name + "=(\\S+).*", "$1"));
    }

    @Test
    void oursIsComparedAndNoRunIsMadeTwice() throws IOException {
        JobRun first = run("--budget", "1");
        assertEquals(7, made(first), first.err());
        assertTrue(first.err().contains("left out: absent, for nothing is at nowhere"), first.err());
        assertTrue(first.err().contains("1 of 8 cells have results; 1 of 2 workloads were left out"), first.err());
        List<String> lines = first.out().lines().toList();
        String cell = lines.get(0);
        assertTrue(
                cell.matches(
                        "small digits batch=50 budget=1 ours=\\S+ best_untuned=\\S+ \\((prodigy|gen)\\) tuned_adam=\\S+"
                                + " ratio_untuned=\\S+ ratio_adam=\\S+"),
                cell);
        List<JsonNode> runs = runs("digits");
        double ours = best(runs, "newton-summary");
        assertEquals(ours, field(cell, "ours"), 1e-5 * ours);
        assertEquals(ours / best(runs, "prodigy|gen"), field(cell, "ratio_untuned"), 1e-4);
        double ratio = ours / best(runs, "adam-(1e-3|1_5e-2)-(linear|averaged)");
        assertEquals(ratio, field(cell, "ratio_adam"), 1e-4);
        assertEquals(ratio, field(lines.get(1), "geomean_adam"), 1e-4);
        assertEquals(Math.max(ratio, field(cell, "ratio_untuned")), field(lines.get(1), "worst"), 1e-4);
        assertTrue(lines.get(1).endsWith(" held_out_untuned=none held_out_adam=none"), lines.get(1));
        byte[] written = Files.readAllBytes(results.resolve("digits.json"));
        JobRun again = run("--budget", "1");
        assertEquals(first.out(), again.out());
        assertEquals(0, made(again) + again.contexts(), again.err());
        assertEquals(written.length, Files.size(results.resolve("digits.json")));
    }

    @Test
    void onlyRunsWithoutAResultOfTheirKeysAreMade() throws IOException {
        run("--budget", "1", "--optimizer", "adam");
        List<JsonNode> before = runs("digits");
        assertEquals(4, before.size());
        Path stored = results.resolve("digits.json");
        List<String> all = Files.readAllLines(stored);
        Files.write(
                stored,
                all.stream()
                        .filter(line -> !line.contains("adam-1_5e-2-averaged"))
                        .toList());
        JobRun one = run("--budget", "1", "--optimizer", "adam");
        assertEquals(1, made(one), one.err());
        assertEquals(losses(before), losses(runs("digits")), "the same again");
        JobRun others = run("--budget", "1", "--optimizer", "adam", "--set", "variants.linear.decay=cosine");
        assertEquals(2, made(others), others.err());
        assertEquals(4, made(run("--budget", "1", "--optimizer", "adam", "--again")));
        assertEquals(8, made(run("--budget", "1", "--optimizer", "adam", "--seeds", "3")));
    }

    private static List<Double> losses(List<JsonNode> runs) {
        return runs.stream().map(run -> run.path("train_loss").asDouble()).toList();
    }

    @Test
    void heldOutWorkloadsAreRunWhenAsked() throws IOException {
        JobRun run = run("--held-out", "--batch", "50", "--budget", "1");
        assertFalse(Files.exists(results.resolve("digits.json")));
        assertTrue(run.out().startsWith("small penguins batch=50 budget=1 ours="), run.out());
        assertEquals(1, Stream.of(run.out().split("penguins")).skip(1).count());
        assertFalse(run.out().contains("held_out_untuned=none"), run.out());
    }

    @Test
    void budgetsAreGradientPassesOfAllThatIsComputed() throws IOException {
        run("--budget", "1");
        // F of the two products, 64 x 8 and 8 x 10; directions of weights in both weights, of both subsets in the
        // hidden units. A Gauss-Newton summary has one loss and first tangents, a Hessian's a gradient and second ones.
        double first = 2 * 64 * 8;
        double second = 2 * 8 * 10;
        double gradient = 3 * (first + second);
        double solved = (2 * first + 4 * second) / gradient;
        double trivial = (gradient + first + 3 * second) / gradient;
        ToDoubleFunction<JsonNode> passes = run -> run.path("passes").asDouble();
        for (JsonNode run : runs("digits")) {
            double steps = run.path("steps").asDouble();
            double summaries = run.path("summaries").asDouble();
            double summary = switch (run.path("optimizer").asText()) {
                case "newton-summary" -> BATCH * solved + 100;
                case "gen" -> BATCH * trivial;
                default -> 0;
            };
            assertEquals(BATCH * steps + summary * summaries, passes.applyAsDouble(run), 1e-3, run.toString());
            assertTrue(passes.applyAsDouble(run) <= UNIT, run.toString());
            assertTrue(passes.applyAsDouble(run) + BATCH + summary > UNIT, "room for another step: " + run);
        }
    }

    @Test
    void aPageTellsWhatTheResultsSay() throws IOException {
        JobRun made = run("--budget", "1");
        Path page = Files.writeString(directory.resolve("page.md"), """
                before
                <!-- results of small -->
                old
                <!-- end of results of small -->
                after
                """);
        JobRun told = run("--table", page.toString());
        assertEquals(made.out(), told.out());
        assertEquals(0, told.contexts());
        List<String> lines = Files.readAllLines(page);
        assertEquals("before", lines.get(0));
        assertEquals("after", lines.get(lines.size() - 1));
        assertTrue(lines.get(3).startsWith("1 cell, one seed: `geomean_untuned="), lines.get(3));
        assertEquals(
                "| workload | batch | budget | newton-summary | prodigy | gen | tuned adam | ratio_untuned | ratio_adam"
                        + " | seconds over adam's |",
                lines.get(5));
        String[] cells = lines.get(7).split(" \\| ");
        assertEquals("| digits", cells[0]);
        assertEquals(field(made.out().lines().toList().get(0), "ours"), Double.parseDouble(cells[3]), 1e-3);
        assertTrue(cells[6].matches("\\S+ \\((1e-3|1_5e-2)-(linear|averaged)\\)"), cells[6]);
        assertEquals("![performance profiles](figures/small-profile.png)", lines.get(9));
        assertNotNull(
                ImageIO.read(directory.resolve("figures/small-profile.png").toFile()));
        assertEquals(
                results + ": found no place for results, expected the lines <!-- results of small --> and"
                        + " <!-- end of results of small -->",
                tableError(results.toString()));
    }

    private String tableError(String page) {
        JobRun run = JobRun.of(Experiment::run, file, "--results", results.toString(), "--table", page + "/none.md");
        assertEquals(2, run.exitCode());
        return run.err().strip().replace("error: ", "").replace("/none.md", "");
    }

    @Test
    void lossesAreThoseOfTargetsAsTheyAre() throws IOException {
        run("--held-out", "--batch", "50", "--budget", "1", "--optimizer", "prodigy");
        JsonNode result = runs("penguins").get(0);
        String job = Files.writeString(directory.resolve("penguins.conf"), """
                model { hidden_layers = [8], loss = mse }
                data {
                  source = csv, path = examples/penguins.csv, label = body_mass_g, test_share = 0.3, handle_invalid = skip
                  partitions = 1
                }
                optimizer.name = prodigy
                training { batch = 50, epochs = 100, max_steps = 40 }
                """).toString();
        JobRun train = JobRun.good(
                Train::run, job, "--output", directory.resolve("run").toString());
        assertEquals(40, result.path("steps").asInt());
        assertEquals(train.figure("test_loss"), result.path("test_loss").asDouble(), 1e-4 * train.figure("test_loss"));
        double variance = 800 * 800;
        assertTrue(result.path("train_loss").asDouble() < 2 * variance, result.toString());
    }

    @Test
    void theTwelveWorkloadsAreWhole() {
        ExperimentFile solved = ExperimentFile.load(
                "conf/experiments/solved.conf",
                // Where jobs/experiment.sh would say.
                Stream.of("vgg", "resnet18", "transformer")
                        .map(name -> "workloads." + name + ".job.data.path=there")
                        .toList());
        assertEquals(12, solved.block("workloads").size());
        RunContext context = new RunContext(
                1,
                () -> {
                    throw new AssertionError("nothing is run");
                },
                null,
                line -> {});
        for (boolean heldOut : new boolean[] {false, true}) {
            Selection half =
                    new Selection(List.of(), List.of(), List.of(), List.of(), new Selection.Which(heldOut, false, 3));
            new Comparison(solved, context, half, null);
        }
        long chosen = ExperimentFile.names(solved.block("workloads")).stream()
                .filter(name -> solved.block("workloads").toConfig().hasPath(name + ".chosen_on"))
                .count();
        assertEquals(6, chosen);
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        assertEquals(
                "--workload: found 'digit', expected one of digits, penguins, absent",
                JobRun.error(Experiment::run, file, "--workload", "digit"));
        assertEquals(
                "--workload: found 'penguins', expected one that choices are made on: it is held out, --held-out runs it",
                JobRun.error(Experiment::run, file, "--workload", "penguins"));
        assertEquals(
                "--batch: found '32', expected one of 50, 100", JobRun.error(Experiment::run, file, "--batch", "32"));
        assertEquals("--budget: found '3', expected one of 1, 2", JobRun.error(Experiment::run, file, "--budget", "3"));
        assertEquals(
                "--budget: found '0', expected a number above 0", JobRun.error(Experiment::run, file, "--budget", "0"));
        assertEquals(
                "--optimizer: found 'adm', expected one of newton-summary, ours, prodigy, untuned, gen, adam-1e-3-averaged,"
                        + " adam, adam-1e-3-linear, adam-1_5e-2-averaged, adam-1_5e-2-linear",
                JobRun.error(Experiment::run, file, "--optimizer", "adm"));
        assertEquals(
                "--held-out: found it, expected no such option with experiments of kind rosenbrock",
                JobRun.error(Experiment::run, "rosenbrock", "--held-out"));
        assertEquals(
                "--output: found it, expected no such option with experiments of kind workloads",
                JobRun.error(Experiment::run, file, "--output", "x"));
    }

    @Test
    void mistakesInTheFileAreOneLine() throws IOException {
        assertTrue(JobRun.error(Experiment::run, file, "--set", "reference=sgd")
                .endsWith("key 'reference': found \"sgd\", expected one of adam"));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "ours=[newton]")
                .endsWith("key 'ours': found [\"newton\"], expected names of optimizers"));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "tuned.adam.rates=[0.1,-1]")
                .endsWith("key 'tuned.adam.rates': found [0.1,-1], expected numbers > 0"));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "workloads.more={batches=[10]}")
                .endsWith("key 'workloads.more': found {\"batches\":[10]}, expected unit: int >= 1"));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "workloads.digits.unt=1")
                .contains("unknown key 'unt'"));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "optimizers.prodigy.lrr=1")
                .contains("unknown key 'optimizer.lrr'"));
        Files.createDirectories(results);
        Files.writeString(results.resolve("digits.json"), "{");
        assertEquals(
                results.resolve("digits.json") + ": found a file that is no JSON, expected results of a workload",
                JobRun.error(Experiment::run, file, "--results", results.toString()));
    }
}

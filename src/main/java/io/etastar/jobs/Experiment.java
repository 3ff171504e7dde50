package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.ExperimentRunner;
import io.etastar.experiment.RunContext;
import io.etastar.experiment.comparison.Comparison;
import io.etastar.experiment.comparison.Selection;
import io.etastar.source.JobData;
import io.etastar.training.ClusterShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/** Runs a published experiment with each of its optimizers. */
public final class Experiment {
    private static final String ENDING = ".conf";
    private static final String OF_WORKLOADS = "kind workloads: ";

    private Experiment() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result lines go to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/experiment.sh", "Runs a published experiment with each of its optimizers.", out)
                    .argument("NAME", false, "experiment, or a file of one; there are " + names())
                    .option("scale", "X", "share of the published length that is run, above 0, at most 1")
                    .option("seeds", "N", "runs of each optimizer")
                    .repeated("optimizer", "O", "runs this one alone; any number of times")
                    .repeated("set", "path=value", "overrides a key of the experiment file; any number of times")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .option("output", "DIR", "new directory for the losses of all steps; by default none are written")
                    .option(
                            "results",
                            "DIR",
                            "directory of results, where those of earlier calls are found and not made again; by default"
                                    + " none; " + OF_WORKLOADS + "that of the project, at a scale below 1 none")
                    .flag("again", "makes runs anew that have a result")
                    .option("figures", "DIR", "directory of figures NAME-CHART.png; by default none are drawn")
                    .repeated("workload", "W", OF_WORKLOADS + "runs this one alone; any number of times")
                    .repeated("batch", "B", OF_WORKLOADS + "runs batches of so many rows alone; any number of times")
                    .repeated("budget", "U", OF_WORKLOADS + "runs this budget alone; any number of times")
                    .flag("held-out", OF_WORKLOADS + "runs those that are held out, in place of the others")
                    .option(
                            "table",
                            "FILE",
                            OF_WORKLOADS
                                    + "runs nothing, and writes what the results say into this page, with a figure beside it")
                    .read(args);
            if (arguments != null) {
                experiment(arguments, out, err);
            }
        });
    }

    private static void experiment(CommandLine.Arguments arguments, PrintStream out, PrintStream err)
            throws IOException {
        if (!arguments.has("NAME")) {
            throw new UserError(
                    UserError.Subject.of("command line"),
                    "no NAME",
                    "jobs/experiment.sh NAME [options], NAME one of " + names()
                            + " or a file; --help lists the options");
        }
        ExperimentFile file = ExperimentFile.load(file(arguments.get("NAME")), arguments.all("set"));
        double scale = arguments.has("scale") ? scale(arguments.get("scale")) : file.scale();
        int seeds = arguments.has("seeds") ? whole("--seeds", arguments.get("seeds")) : file.seeds();
        boolean compares = file.kind().equals(Comparison.KIND);
        checkOptions(arguments, file.kind(), compares);
        SparkConf conf = Job.conf("EtaStar experiment " + file.name(), arguments.get("master"), Map.of());
        Path output = arguments.has("output") ? Path.of(arguments.get("output")) : null;
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            JobData data = new JobData(spark::get);
            RunContext context = new RunContext(
                    scale,
                    spark::get,
                    output,
                    err::println,
                    data::of,
                    configuration -> Train.plan(configuration, data, () -> ClusterShape.of(conf, spark::get)));
            if (compares) {
                Comparison comparison =
                        new Comparison(file, context, selection(arguments, seeds), results(arguments, file, scale));
                if (arguments.has("table")) {
                    comparison.write(Path.of(arguments.get("table")), out::println);
                } else {
                    comparison.run(out::println);
                }
            } else {
                new ExperimentRunner(file, context, seeds, arguments.all("optimizer"), kept(arguments))
                        .run(out::println);
            }
        }
    }

    private static void checkOptions(CommandLine.Arguments arguments, String kind, boolean compares) {
        List<String> others =
                compares ? List.of("output", "figures") : List.of("workload", "batch", "budget", "held-out", "table");
        for (String name : others) {
            if (arguments.has(name)) {
                throw new UserError(
                        UserError.Subject.of("--" + name), "it", "no such option with experiments of kind " + kind);
            }
        }
    }

    private static Selection selection(CommandLine.Arguments arguments, int seeds) {
        return new Selection(
                arguments.all("workload"),
                arguments.all("batch").stream()
                        .map(text -> whole("--batch", text))
                        .toList(),
                arguments.all("budget").stream().map(Experiment::budget).toList(),
                arguments.all("optimizer"),
                new Selection.Which(arguments.has("held-out"), arguments.has("again"), seeds));
    }

    private static ExperimentRunner.Kept kept(CommandLine.Arguments arguments) {
        return new ExperimentRunner.Kept(
                arguments.has("results") ? Path.of(arguments.get("results")) : null,
                arguments.has("figures") ? Path.of(arguments.get("figures")) : null,
                arguments.has("again"));
    }

    /** Null if results are not kept. */
    private static Path results(CommandLine.Arguments arguments, ExperimentFile file, double scale) {
        if (arguments.has("results")) {
            return Path.of(arguments.get("results"));
        }
        String directory = System.getenv("ETASTAR_RESULTS");
        return scale < 1 ? null : Path.of(directory == null ? "docs/experiments" : directory, file.name());
    }

    private static double budget(String text) {
        double budget = Double.NaN;
        try {
            budget = Double.parseDouble(text);
        } catch (NumberFormatException none) {
            // refused below
        }
        if (!(budget > 0)) {
            throw new UserError(UserError.Subject.of("--budget"), "'" + text + "'", "a number above 0");
        }
        return budget;
    }

    private static double scale(String text) {
        double scale = Double.NaN;
        try {
            scale = Double.parseDouble(text);
        } catch (NumberFormatException none) {
            // refused below
        }
        if (!(scale > 0 && scale <= 1)) {
            throw new UserError(UserError.Subject.of("--scale"), "'" + text + "'", "a number above 0 and at most 1");
        }
        return scale;
    }

    private static int whole(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new UserError(UserError.Subject.of(option), "'" + text + "'", "a whole number from 1");
        }
        return Integer.parseInt(text);
    }

    private static String file(String name) throws IOException {
        if (name.contains("/") || name.endsWith(ENDING)) {
            return name;
        }
        Path file = directory().resolve(name + ENDING);
        if (!Files.isRegularFile(file)) {
            throw new UserError(UserError.Subject.of("experiment"), "'" + name + "'", names() + " or a file");
        }
        return file.toString();
    }

    private static Path directory() {
        String directory = System.getenv("ETASTAR_EXPERIMENTS");
        return Path.of(directory == null ? "conf/experiments" : directory);
    }

    private static String names() throws IOException {
        if (!Files.isDirectory(directory())) {
            return "none";
        }
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
    }
}

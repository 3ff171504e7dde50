package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.ExperimentRunner;
import io.etastar.experiment.RunContext;
import io.etastar.source.JobData;
import io.etastar.training.ClusterShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/** Runs a published experiment with each of its optimizers. */
public final class Experiment {
    private static final String ENDING = ".conf";

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
        int seeds = arguments.has("seeds") ? seeds(arguments.get("seeds")) : file.seeds();
        SparkConf conf = Job.conf("EtaStar experiment " + file.name(), arguments.get("master"), Map.of());
        Path output = arguments.has("output") ? Path.of(arguments.get("output")) : null;
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            JobData data = new JobData(spark::get);
            RunContext context = new RunContext(
                    scale,
                    spark::get,
                    output,
                    err::println,
                    configuration -> Train.plan(configuration, data, () -> ClusterShape.of(conf, spark::get)));
            new ExperimentRunner(file, context, seeds, arguments.all("optimizer")).run(out::println);
        }
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

    private static int seeds(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new UserError(UserError.Subject.of("--seeds"), "'" + text + "'", "a whole number from 1");
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

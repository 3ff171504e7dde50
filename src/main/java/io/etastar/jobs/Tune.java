package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.settings.Configuration;
import io.etastar.storage.RunLock;
import io.etastar.training.ClusterShape;
import io.etastar.tune.Domain;
import io.etastar.tune.Measure;
import io.etastar.tune.Method;
import io.etastar.tune.Trial;
import io.etastar.tune.TrialRuns;
import io.etastar.tune.Tuning;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/** Searches for the keys of a job file that train best. */
public final class Tune {
    private static final String SHARE = "validation-share";
    private static final int TRIALS = 20;
    private static final int POPULATION = 10;
    private static final int GENERATIONS = 5;

    private Tune() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; a line for each trial and one for the best go to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/tune.sh", "Searches for the keys of a job file that train best.", out)
                    .argument("CONF", true, "job file, HOCON or JSON")
                    .repeated("vary", "DOMAIN", "a key and its values: " + Domain.EXPECTED)
                    .option("search", "KIND", "random (the default), grid or genetic")
                    .option("trials", "N", "trials of a random search; by default " + TRIALS)
                    .option("population", "N", "trials of a generation; by default " + POPULATION)
                    .option("generations", "N", "generations; by default " + GENERATIONS)
                    .option("seed", "N", "of the search; by default 1")
                    .option("seeds", "N", "runs of each trial, the job's seed and those after it; by default 1")
                    .option("measure", "M", "validation_loss (the default), validation_accuracy or train_loss")
                    .option(SHARE, "X", "share of the training rows that is held back to judge; by default 0.2")
                    .repeated("set", "path=value", "overrides a key of the job file; any number of times")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .option("output", "DIR", "directory of trials.json; by default runs/NAME-tune, NAME that of CONF")
                    .flag("resume", "goes on with the search in the output directory")
                    .read(args);
            if (arguments != null) {
                tune(arguments, out, err);
            }
        });
    }

    private static void tune(CommandLine.Arguments arguments, PrintStream out, PrintStream err) {
        Method method = method(arguments);
        TrialRuns.Job job = new TrialRuns.Job(
                arguments.get("CONF"), arguments.all("set"), share(arguments), whole(arguments, "seeds", 1));
        Configuration given = anyTrial(job, method);
        String output = arguments.has("output") ? arguments.get("output") : "runs/" + given.name() + "-tune";
        Tuning tuning = Tuning.of(method, about(given, job), output, arguments.has("resume"));
        SparkConf conf = Job.conf("EtaStar tune " + given.name(), arguments.get("master"), given.spark());
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            TrialRuns runs = new TrialRuns(job, spark::get, () -> ClusterShape.of(conf, spark::get));
            tuning.check(keys -> runs.check(keys, method.measure()));
            try (RunLock lock = RunLock.of(output, given.name())) {
                int trials = method.trials();
                Trial best = tuning.run(runs::train, (number, trial) -> out.println(line(number, trials, trial)))
                        .orElseThrow(() -> new UserError(
                                UserError.Subject.of("all " + trials + " trials"),
                                "training that diverged",
                                "values of --vary with which it does not"));
                out.println("best " + figures(best) + keys(best));
                err.println("train with them: jobs/train.sh " + job.file() + " " + best.options(job.overrides()));
            }
        }
    }

    /** The job with values of the domains: it may need keys that only those give. */
    private static Configuration anyTrial(TrialRuns.Job job, Method method) {
        List<String> overrides = new ArrayList<>(job.overrides());
        method.domains().forEach(domain -> overrides.add(domain.key() + "=" + domain.at(0)));
        return Configuration.load(job.file(), overrides);
    }

    private static Method method(CommandLine.Arguments arguments) {
        Method.Kind kind = Method.Kind.of(arguments.has("search") ? arguments.get("search") : "random");
        only(arguments, "trials", kind, Method.Kind.RANDOM);
        only(arguments, "population", kind, Method.Kind.GENETIC);
        only(arguments, "generations", kind, Method.Kind.GENETIC);
        int population = whole(arguments, "population", POPULATION);
        if (population < 2) {
            throw new UserError(UserError.Subject.option("population"), "1", "at least 2");
        }
        return new Method(
                arguments.all("vary").stream().map(Domain::of).toList(),
                kind,
                new Method.Size(
                        whole(arguments, "trials", TRIALS), population, whole(arguments, "generations", GENERATIONS)),
                whole(arguments, "seed", 1),
                Measure.of(arguments.has("measure") ? arguments.get("measure") : "validation_loss"));
    }

    private static void only(CommandLine.Arguments arguments, String option, Method.Kind kind, Method.Kind of) {
        if (arguments.has(option) && kind != of) {
            throw new UserError(UserError.Subject.option(option), "it with --search " + kind, "--search " + of);
        }
    }

    private static Map<String, String> about(Configuration given, TrialRuns.Job job) {
        Map<String, String> about = new TreeMap<>();
        about.put("job", given.resolved());
        about.put(SHARE, String.valueOf(job.validationShare()));
        about.put("seeds", String.valueOf(job.seeds()));
        return about;
    }

    private static String line(int number, int trials, Trial trial) {
        return "trial " + number + " of " + trials + " " + figures(trial)
                + String.format(Locale.ROOT, " seconds=%.1f", trial.seconds()) + keys(trial);
    }

    private static String figures(Trial trial) {
        Trial.Figures figures = trial.figures();
        if (figures.diverged() != null) {
            return "diverged at " + figures.diverged();
        }
        String loss = String.format(Locale.ROOT, "validation_loss=%.6g", figures.validationLoss());
        String accuracy = Double.isNaN(figures.validationAccuracy())
                ? ""
                : String.format(Locale.ROOT, " validation_accuracy=%.4f", figures.validationAccuracy());
        return loss + accuracy + String.format(Locale.ROOT, " train_loss=%.6g", figures.trainLoss());
    }

    private static String keys(Trial trial) {
        StringBuilder text = new StringBuilder();
        trial.keys()
                .forEach(
                        (key, value) -> text.append(' ').append(key).append('=').append(value));
        return text.toString();
    }

    private static double share(CommandLine.Arguments arguments) {
        String text = arguments.has(SHARE) ? arguments.get(SHARE) : "0.2";
        double share = text.matches("[0-9.eE-]+") ? number(text) : Double.NaN;
        if (!(share > 0 && share < 1)) {
            throw new UserError(UserError.Subject.option(SHARE), "'" + text + "'", "a number in (0, 1)");
        }
        return share;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    private static int whole(CommandLine.Arguments arguments, String option, int otherwise) {
        if (!arguments.has(option)) {
            return otherwise;
        }
        String text = arguments.get(option);
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new UserError(UserError.Subject.option(option), "'" + text + "'", "a whole number from 1");
        }
        return Integer.parseInt(text);
    }
}

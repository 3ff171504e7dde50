package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.report.Listeners;
import io.etastar.report.ProgressDisplay;
import io.etastar.report.ResultLine;
import io.etastar.report.RunDirectory;
import io.etastar.report.RunListener;
import io.etastar.report.html.ReportListener;
import io.etastar.settings.Configuration;
import io.etastar.settings.JobSettings;
import io.etastar.source.JobData;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.RunLock;
import io.etastar.storage.StorageFailure;
import io.etastar.tensor.DeviceFailure;
import io.etastar.training.ClusterShape;
import io.etastar.training.Plans;
import io.etastar.training.RunStore;
import io.etastar.training.Trained;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import io.etastar.training.TrainingRun;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Trains a network as a job file says. */
public final class Train {
    private static final String PARTITIONS = "allow-other-partitions";

    private Train() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/train.sh", "Trains a network with solved learning rates.", out)
                    .argument("CONF", true, "job file, HOCON or JSON")
                    .repeated("set", "path=value", "overrides a key of the job file; any number of times")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .option("output", "DIR", "new directory for the run; by default runs/NAME, NAME that of CONF")
                    .flag("resume", "goes on with the run in the output directory")
                    .flag(PARTITIONS, "with --resume: data.partitions may differ from the run's; not bit-equal then")
                    .read(args);
            if (arguments != null) {
                train(arguments, out, err);
            }
        });
    }

    private static void train(CommandLine.Arguments arguments, PrintStream out, PrintStream err) {
        Configuration given = Configuration.load(arguments.get("CONF"), arguments.all("set"));
        String output = arguments.has("output") ? arguments.get("output") : "runs/" + given.name();
        boolean resume = arguments.has("resume");
        if (arguments.has(PARTITIONS) && !resume) {
            throw new UserError(UserError.Subject.option(PARTITIONS), "no --resume", "both");
        }
        SparkConf conf = Job.conf("EtaStar train " + given.name(), arguments.get("master"), given.spark());
        if (!resume) {
            RunDirectory.checkFree(output);
        }
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            Configuration known = resume ? RunDirectory.decided(output, given) : given;
            TrainingPlan plan = plan(known, new JobData(spark::get), () -> ClusterShape.of(conf, spark::get));
            Configuration configuration = plan.decided(known);
            if (!curvature(configuration).equals(curvature(known))) {
                err.println("optimizer.curvature: " + curvature(configuration)
                        + ", for the loss is no curved function of the model's output alone");
            }
            RunDirectory run = resume
                    ? resumed(output, configuration, arguments.has(PARTITIONS), err)
                    : RunDirectory.create(output, configuration.resolved());
            try (RunLock lock = RunLock.of(output, given.name())) {
                train(spark.get(), plan, run, resume, shown(configuration, run, err), out, err);
            }
        }
    }

    /**
     * What is shown of a run.
     *
     * @param report the listener that writes it, or null
     * @param examination of the trained model
     */
    private record Shown(ReportListener report, Consumer<Trained> examination) {}

    private static Shown shown(Configuration configuration, RunDirectory run, PrintStream err) {
        JobSettings.Report settings = configuration.report();
        return new Shown(
                settings.write() ? new ReportListener(run.path(), settings.refreshSeconds(), err) : null,
                settings.write() && settings.importance()
                        ? new Examination(run, configuration.seed(), err)
                        : trained -> {});
    }

    private static void train(
            JavaSparkContext context,
            TrainingPlan plan,
            RunDirectory run,
            boolean resume,
            Shown shown,
            PrintStream out,
            PrintStream err) {
        RunStore store = RunStore.directory(run, plan.checkpoints().keep());
        try (ProgressDisplay progress = ProgressDisplay.of(err, plan.steps())) {
            if (resume) {
                sayFrom(store.newest(), err);
            }
            ReportListener report = shown.report();
            List<RunListener> listeners = report == null ? List.of(progress) : List.of(progress, report);
            TrainingResult result =
                    new TrainingRun(context, plan, store, new Listeners(listeners)).run(shown.examination());
            progress.close();
            if (report != null) {
                report.finish();
            }
            err.println("model: " + run.path() + "/model");
            out.println(ResultLine.training(
                    result.testAccuracy(),
                    result.testLoss(),
                    result.trainLoss(),
                    result.epochs(),
                    result.steps(),
                    result.seconds()));
        } catch (StorageFailure failure) {
            throw failure.and("the last good checkpoint is " + lastGoodCheckpoint(run));
        } catch (DeviceFailure failure) {
            throw failure.and("the last good checkpoint is " + lastGoodCheckpoint(run));
        }
    }

    private static RunDirectory resumed(
            String output, Configuration configuration, boolean otherPartitions, PrintStream err) {
        RunDirectory.Resumed resumed = RunDirectory.resume(output, configuration.resolved(), otherPartitions);
        if (resumed.partitionsBefore() != null) {
            err.println("data.partitions: " + configuration.data().rows().partitions() + " from here on, "
                    + resumed.partitionsBefore()
                    + " before: the result is no longer bit-equal to that of the undisturbed run");
        }
        return resumed.run();
    }

    private static String lastGoodCheckpoint(RunDirectory run) {
        try {
            String path = new CheckpointStore(run.path(), 1).newestValid().path();
            return path == null ? "none" : path;
        } catch (StorageFailure failure) {
            return "unknown, for " + failure.getMessage();
        }
    }

    private static void sayFrom(CheckpointStore.Newest newest, PrintStream err) {
        newest.skipped().forEach(skipped -> err.println("skipped: " + skipped.reason()));
        err.println("resume from: " + (newest.path() == null ? "the start" : newest.path()));
    }

    private static String curvature(Configuration configuration) {
        return configuration.optimizer().newton().summary().curvature();
    }

    /** Everything that can be checked without Spark is checked here. */
    static TrainingPlan plan(Configuration configuration, JobData data, Supplier<ClusterShape> cluster) {
        JobData.Sets rows = data.of(configuration);
        Configuration fitted = Plans.fitted(configuration, rows.train());
        Configuration decided = Plans.decided(fitted, rows.train(), rows.summaries(), cluster);
        return Plans.of(decided, rows.train(), rows.test(), rows.summaries(), rows::measure);
    }
}

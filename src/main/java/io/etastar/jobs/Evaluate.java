package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.config.Configuration;
import io.etastar.data.DataSource;
import io.etastar.report.ResultLine;
import io.etastar.summary.LossSum;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** Loss and accuracy of a run's model on the test set. */
public final class Evaluate {
    private Evaluate() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/evaluate.sh", "Evaluates the model of a run on the test set.", out)
                    .argument("CONF", false, "job file that names the data; by default the run's own config.json")
                    .option("model", "DIR", "directory of the run")
                    .repeated("set", "path=value", "overrides a key of the job file; any number of times")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                evaluate(arguments, out);
            }
        });
    }

    private static void evaluate(CommandLine.Arguments arguments, PrintStream out) {
        String run = arguments.required("model", "the directory of a run");
        Joints.SavedModel model = Joints.savedModel(modelDirectory(run));
        String file = arguments.has("CONF") ? arguments.get("CONF") : run + "/config.json";
        Configuration configuration = Configuration.load(file, arguments.all("set"));
        if (!ModelShape.of(configuration.model()).equals(ModelShape.of(model.description()))) {
            throw new UserError(
                    file + ": block 'model': found " + configuration.model().json() + ", expected one like "
                            + model.description().json() + " of " + run);
        }
        DataSource test = Joints.data(configuration.data(), configuration.seed(), false);
        DataChecks.fit(configuration, test);
        test.inspect();
        try (JavaSparkContext context =
                Job.spark("EtaStar evaluate " + configuration.name(), arguments.get("master"), configuration.spark())) {
            LossSum sum = Joints.evaluate(
                    context,
                    model.description(),
                    configuration.dtype(),
                    model.theta(),
                    new Joints.ShardedRows(
                            test,
                            model.standardisation(),
                            configuration.data().partitions(),
                            configuration.training().microBatch()));
            out.println(ResultLine.evaluation(test.classes() > 0 ? sum.accuracy() : Double.NaN, sum.meanLoss()));
        }
    }

    /** The directory of the model in a run; {@code run} itself where it is one already. */
    static String modelDirectory(String run) {
        return run.contains("://") || !Files.exists(Path.of(run, "model.json")) ? run + "/model" : run;
    }
}

package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.inference.ColumnInteractions;
import io.etastar.inference.OutputFits;
import io.etastar.inference.TrainedNetwork;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.report.ResultLine;
import io.etastar.settings.Configuration;
import io.etastar.source.Formats;
import io.etastar.source.Known;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.engine.DeviceMemory;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.BackendChoice;
import io.etastar.training.ClusterShape;
import io.etastar.training.DataChecks;
import io.etastar.training.ModelShape;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Loss and accuracy of a run's model on the test set. */
public final class Evaluate {
    /** Interactions that are printed. */
    private static final int MOST_PAIRS = 20;

    private Evaluate() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/evaluate.sh", "Evaluates the model of a run on the test set.", out)
                    .argument("CONF", false, "job file that names the data; by default the run's own config.json")
                    .option("model", "DIR", "directory of the run")
                    .repeated("set", "path=value", "overrides a key of the job file; any number of times")
                    .flag("importance", "prints how much worse the model is if a column of the table is shuffled")
                    .flag("interactions", "prints the pairs of columns that depend on each other most")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                evaluate(arguments, out);
            }
        });
    }

    private static void evaluate(CommandLine.Arguments arguments, PrintStream out) {
        String run = arguments.required("model", "the directory of a run");
        StoredModel model = ModelDirectory.read(run);
        String file = arguments.has("CONF") ? arguments.get("CONF") : run + "/config.json";
        ModelDescription stored = ModelDescription.of(model);
        Configuration given = arguments.has("CONF")
                ? Configuration.load(file, arguments.all("set"))
                : Configuration.ofRun(file, arguments.all("set"));
        Configuration configuration = given.isOpen() ? given.fitted(stored) : given;
        if (!ModelShape.agree(configuration.model(), stored)) {
            throw new UserError(
                    UserError.Subject.of(file + ": block 'model'"),
                    configuration.model().shortJson(),
                    "one like " + stored.shortJson() + " of " + run);
        }
        TestSplit.check(file, configuration, run);
        SparkConf conf =
                Job.conf("EtaStar evaluate " + configuration.name(), arguments.get("master"), configuration.spark());
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            Rows test = Formats.open(configuration, false, Known.of(model), spark::get);
            DataChecks.fit(configuration, ModelShape.of(stored), test);
            test.check();
            JavaSparkContext context = spark.get();
            DeviceCheck.run(context, configuration.backend());
            ModelOutputs.mixRows(stored);
            evaluate(context, configuration, model, test, arguments, out);
        }
    }

    private static void evaluate(
            JavaSparkContext context,
            Configuration configuration,
            StoredModel model,
            Rows test,
            CommandLine.Arguments arguments,
            PrintStream out) {
        ProgramFactory engines = new ProgramFactory(
                ModelDescription.of(model),
                configuration.dtype(),
                configuration.training().length().microBatch(),
                test.count(),
                1,
                configuration.backend());
        int given = configuration.data().rows().partitions();
        // A model that no run has trained has no plan.
        int partitions = given > 0 ? given : ClusterShape.of(context).slots();
        DeviceMemory.check(context, engines, null, partitions);
        try (DistributedPass passes =
                        new DistributedPass(context, engines, configuration.dtype(), Aggregation.DEFAULT);
                ShardedData data = new ShardedData(
                        context, test, standardisation(model), null, partitions, configuration.dtype())) {
            LossSum sum = passes.loss(data, model.theta().toDoubles());
            int classes = test.shape().classes();
            if (arguments.has("importance")) {
                importance(data, network(model, configuration.backend()), model, configuration.seed(), out);
            }
            if (arguments.has("interactions")) {
                interactions(data, network(model, configuration.backend()), model, out);
            }
            double calibration = classes > 0 && test.transform() == null
                    ? OutputFits.of(data.rdd(), network(model, configuration.backend()), classes)
                            .calibrationError()
                    : Double.NaN;
            out.println(ResultLine.evaluation(classes > 0 ? sum.accuracy() : Double.NaN, sum.meanLoss(), calibration));
        }
    }

    /** A line for each column, the most important one first. */
    private static void importance(
            ShardedData data, TrainedNetwork network, StoredModel model, long seed, PrintStream out) {
        requireTable(model, "importance");
        OutputFits.importance(data.rdd(), network, model.classes(), model.table(), seed).stream()
                .sorted(Comparator.comparingDouble(OutputFits.Importance::loss).reversed())
                .forEach(column -> out.printf(
                        Locale.ROOT,
                        "importance column='%s' loss_increase=%.6g accuracy_decrease=%.4f%n",
                        column.column(),
                        column.loss(),
                        column.accuracy()));
    }

    /** A line for each of the pairs of columns that depend on each other most. */
    private static void interactions(ShardedData data, TrainedNetwork network, StoredModel model, PrintStream out) {
        requireTable(model, "interactions");
        ColumnInteractions.of(data.rdd(), network, model.table()).pairs().stream()
                .limit(MOST_PAIRS)
                .forEach(pair -> out.printf(
                        Locale.ROOT,
                        "interaction columns='%s','%s' value=%.6g%n",
                        pair.first(),
                        pair.second(),
                        pair.value()));
    }

    private static void requireTable(StoredModel model, String option) {
        if (model.table() == null) {
            throw new UserError(
                    UserError.Subject.option(option),
                    "a model whose features are one column",
                    "a model of a table's columns");
        }
    }

    /** The model for rows that are standardised already; on the backend that is installed. */
    static TrainedNetwork network(StoredModel model) {
        return network(model, BackendChoice.INSTALLED);
    }

    private static TrainedNetwork network(StoredModel model, BackendChoice backend) {
        ModelDescription description = ModelDescription.of(model);
        ModelShape shape = ModelShape.of(description);
        int[] input = shape.input().stream().mapToInt(Integer::intValue).toArray();
        return new TrainedNetwork(description, Point.at(model.theta()), input, shape.targets(), null, backend);
    }

    /** The standardisation of a model's features, or null. */
    static Standardisation standardisation(StoredModel model) {
        return model.mean() == null ? null : new Standardisation(model.mean(), model.deviation());
    }
}

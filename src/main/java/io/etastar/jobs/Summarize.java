package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.interchange.NpzVector;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.SymmetricIndices;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.taylor.SeriesProgram;
import io.etastar.tensor.DType;
import io.etastar.training.ModelShape;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The derivative summary of a model, its own or given parameters, on given data: a look at the curvature. */
public final class Summarize {
    private Summarize() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/summarize.sh", "Derivative summary of a model along a direction.", out)
                    .argument("CASE", false, "model and partition, keys on top level; not needed with --model")
                    .option("parameters", "P.npz", "parameters by name; dense weights [in, out], not [out, in]")
                    .option("model", "DIR", "directory of a run, in place of --parameters")
                    .option("direction", "U.npz|gradient", "direction by name; by default gradient")
                    .option(
                            "data",
                            "D.npz",
                            "arrays x [N, ...], y: [N] int64 classes or [N, ...] targets, perhaps w [N]: weights")
                    .option("dtype", "float|double", "precision; by default double")
                    .option("damping-int", "L,L,...", "weights of the cubic term to solve for; by default 1")
                    .option("partition", "SPEC", "subsets of the parameters, in place of the case's")
                    .option("curvature", "hessian|ggn", "H of the loss, or the Gauss-Newton matrix; by default hessian")
                    .option("order", "D", "all derivatives of this order in the subsets' rates as well")
                    .option("top-eigenvalues", "K", "the K largest eigenvalues of the full Hessian as well")
                    .option("partitions", "N", "shards of the data, each a task of every pass; by default 1")
                    .option("output", "OUT.json", "file to write")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                summarize(arguments, out);
            }
        });
    }

    private static void summarize(CommandLine.Arguments arguments, PrintStream out) throws IOException {
        SummaryOutput output = new SummaryOutput(arguments.required("output", "the JSON file to write"));
        DType type = DType.of(arguments.has("dtype") ? arguments.get("dtype") : "double");
        double[] dampings = dampings(arguments.has("damping-int") ? arguments.get("damping-int") : "1");
        SparkConf conf = Job.conf("EtaStar summarize", arguments.get("master"), Map.of());
        SummaryProblem problem = SummaryProblem.of(arguments);
        boolean gradient =
                !arguments.has("direction") || arguments.get("direction").equals("gradient");
        ParameterLayout layout = problem.partition().layout();
        double[] direction = gradient ? null : NpzVector.read(arguments.get("direction"), layout);
        ModelShape shape = ModelShape.of(problem.model());
        Shard rows = SummaryInput.rows(arguments.get("data"), shape, type, problem.standardisation());
        int order = arguments.has("order") ? order(arguments.get("order"), problem, type) : 0;
        int count = arguments.has("top-eigenvalues")
                ? TopEigenvaluesOption.parse(arguments.get("top-eigenvalues"), layout.size())
                : 0;
        int partitions = arguments.has("partitions") ? partitions(arguments.get("partitions"), rows.rows()) : 1;
        output.prepare();
        try (JavaSparkContext context = Contexts.open(conf)) {
            DeviceCheck.run(context);
            DerivativeSummary mean = summary(context, problem, direction, rows, order, partitions, count, output)
                    .mean();
            output.write(problem.summary(), mean, dampings);
            out.println(String.format(
                    Locale.ROOT, "result loss=%.6g samples=%d output=%s", mean.loss(), rows.rows(), output.file()));
        }
    }

    /** Sums over all rows, along the mean gradient if {@code direction} is null. Hands further results to output. */
    private static DerivativeSummary summary(
            JavaSparkContext context,
            SummaryProblem problem,
            double[] direction,
            Shard rows,
            int order,
            int partitions,
            int count,
            SummaryOutput output) {
        DType type = rows.features().type();
        ProgramFactory engines = new ProgramFactory(problem.model().recipe(), type, 0, rows.rows(), rows.rows());
        DataSource source = new ArrayDataSource(
                "rows to summarize",
                rows.features(),
                new int[] {rows.featureLength()},
                rows.targets(),
                new int[] {rows.targetLength()},
                0,
                rows.weights());
        try (DistributedPass passes = new DistributedPass(context, engines, type, Aggregation.DEFAULT);
                ShardedData data = new ShardedData(context, Rows.of(source), null, null, partitions, type)) {
            double[] theta = problem.theta();
            Point<double[]> point = Point.along(
                    theta,
                    direction != null
                            ? direction
                            : passes.evaluate(new Quantity.Gradient(), data, Point.at(theta))
                                    .meanGradient());
            if (order > 0) {
                Quantity<DerivativeTensor> tensor = new Quantity.Derivatives(problem.partition(), order);
                output.tensor(passes.evaluate(tensor, data, point).mean());
            }
            if (count > 0) {
                output.topEigenvalues(TopEigenvaluesOption.find(passes, data, theta, count, type));
            }
            return passes.evaluate(problem.summary(), data, point);
        }
    }

    /**
     * The value of --order.
     *
     * @throws UserError if it is no order, the tensor would be too large or the model has no derivatives of that order
     */
    private static int order(String text, SummaryProblem problem, DType type) {
        int order = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (order < 1) {
            throw new UserError(UserError.Subject.option("order"), "'" + text + "'", "a whole number of at least 1");
        }
        try {
            new SymmetricIndices(problem.partition().size(), order);
            SeriesProgram.compile(problem.model().build(type), type, 1, null, order)
                    .close();
        } catch (UserError error) {
            throw new UserError("command line: --" + error.getMessage());
        }
        return order;
    }

    private static int partitions(String text, int rows) {
        int partitions = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (partitions < 1 || partitions > rows) {
            throw new UserError(
                    UserError.Subject.option("partitions"),
                    "'" + text + "'",
                    "a whole number from 1 to " + rows + " (rows of the data)");
        }
        return partitions;
    }

    private static double[] dampings(String text) {
        try {
            double[] values = Arrays.stream(text.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (Arrays.stream(values).allMatch(value -> value > 0 && Double.isFinite(value))) {
                return values;
            }
        } catch (NumberFormatException ignored) {
            // the same message for both
        }
        throw new UserError(UserError.Subject.option("damping-int"), "'" + text + "'", "numbers > 0 with commas");
    }
}

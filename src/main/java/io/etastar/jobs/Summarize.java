package io.etastar.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.config.CaseFile;
import io.etastar.config.PartitionChoice;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.summary.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** The derivative summary of a model, its own or given parameters, on given data: a look at the curvature. */
public final class Summarize {
    private Summarize() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
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
                    .option("data", "D.npz", "arrays x [N, ...] and y: [N] int64 classes, or [N, ...] targets")
                    .option("dtype", "float|double", "precision; by default double")
                    .option("damping-int", "L,L,...", "weights of the cubic term to solve for; by default 1")
                    .option("partition", "SPEC", "subsets of the parameters, in place of the case's")
                    .option("output", "OUT.json", "file to write")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                summarize(arguments, out);
            }
        });
    }

    private record Problem(
            ModelDescription model, double[] theta, Standardisation standardisation, Partition partition) {}

    private static void summarize(CommandLine.Arguments arguments, PrintStream out) throws IOException {
        String output = arguments.required("output", "the JSON file to write");
        DType type = DType.of(arguments.has("dtype") ? arguments.get("dtype") : "double");
        double[] dampings = dampings(arguments.has("damping-int") ? arguments.get("damping-int") : "1");
        Problem problem = problem(arguments);
        ParameterLayout layout = problem.model().build().layout();
        boolean gradient =
                !arguments.has("direction") || arguments.get("direction").equals("gradient");
        double[] direction = gradient ? null : SummaryInput.flat(arguments.get("direction"), layout);
        Shard rows = SummaryInput.rows(
                arguments.get("data"), ModelShape.of(problem.model()), type, problem.standardisation());
        try (JavaSparkContext context = Job.spark("EtaStar summarize", arguments.get("master"), Map.of())) {
            DerivativeSummary sum =
                    Joints.summary(context, problem.model(), rows, problem.partition(), problem.theta(), direction);
            DerivativeSummary mean = mean(sum);
            write(output, problem.partition(), mean, dampings);
            out.println(String.format(
                    Locale.ROOT, "result loss=%.6g samples=%d output=%s", mean.loss(), rows.rows(), output));
        }
    }

    private static Problem problem(CommandLine.Arguments arguments) {
        if (arguments.has("parameters") == arguments.has("model")) {
            throw new UserError("command line: found " + (arguments.has("model") ? "both" : "neither")
                    + " of --parameters and --model, expected one of them");
        }
        CaseFile file = arguments.has("CASE") ? CaseFile.load(arguments.get("CASE")) : null;
        if (file == null && arguments.has("parameters")) {
            throw new UserError("command line: CASE: found nothing, expected the model's keys with --parameters");
        }
        PartitionChoice choice = arguments.has("partition")
                ? new PartitionChoice(arguments.get("partition"), null)
                : file == null ? new PartitionChoice("canonical", null) : file.partition();
        if (arguments.has("model")) {
            String run = arguments.get("model");
            Joints.SavedModel saved = Joints.savedModel(Evaluate.modelDirectory(run));
            if (file != null
                    && !file.model()
                            .build()
                            .layout()
                            .names()
                            .equals(layout(saved).names())) {
                throw new UserError(arguments.get("CASE") + ": found parameters "
                        + file.model().build().layout().names() + ", expected those of " + run + ", "
                        + layout(saved).names());
            }
            return new Problem(
                    saved.description(),
                    saved.theta(),
                    saved.standardisation(),
                    Joints.partition(choice, layout(saved)));
        }
        ParameterLayout layout = file.model().build().layout();
        double[] theta = SummaryInput.flat(arguments.get("parameters"), layout);
        return new Problem(file.model(), theta, null, Joints.partition(choice, layout));
    }

    private static ParameterLayout layout(Joints.SavedModel saved) {
        return saved.description().build().layout();
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
        throw new UserError("command line: --damping-int: found '" + text + "', expected numbers > 0 with commas");
    }

    private static DerivativeSummary mean(DerivativeSummary sum) {
        double n = sum.samples();
        double[][] h = Arrays.stream(sum.h()).map(row -> divided(row, n)).toArray(double[][]::new);
        return new DerivativeSummary(1, sum.loss() / n, divided(sum.g(), n), h, divided(sum.order3(), n));
    }

    private static double[] divided(double[] values, double n) {
        return Arrays.stream(values).map(value -> value / n).toArray();
    }

    private static void write(String output, Partition partition, DerivativeSummary mean, double[] dampings)
            throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.set("groups", mapper.valueToTree(partition.groups()));
        root.put("loss", mean.loss());
        root.set("g", mapper.valueToTree(mean.g()));
        root.set("H", mapper.valueToTree(mean.h()));
        root.set("order3", mapper.valueToTree(mean.order3()));
        List<ObjectNode> solutions = Arrays.stream(dampings)
                .mapToObj(damping -> {
                    Joints.Solution solution = Joints.solve(mean, damping);
                    ObjectNode node = mapper.createObjectNode().put("damping_int", damping);
                    node.set("eta", mapper.valueToTree(solution.eta()));
                    if (solution.eta() == null || !Double.isFinite(solution.r())) {
                        node.putNull("r");
                    } else {
                        node.put("r", solution.r());
                    }
                    return node.put("case", solution.solverCase());
                })
                .toList();
        root.set("eta", mapper.valueToTree(solutions));
        Path path = Path.of(output).toAbsolutePath();
        Files.createDirectories(path.getParent());
        Files.writeString(path, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }
}

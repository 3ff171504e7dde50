package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.SymmetricIndices;
import io.etastar.report.SummaryFile;
import io.etastar.taylor.BatchMeans;
import io.etastar.taylor.SeriesProgram;
import io.etastar.tensor.DType;
import io.etastar.training.ModelShape;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A summary that is ready to be computed.
 *
 * @param problem model, parameters and subsets
 * @param options that need no model
 * @param direction u [P]; null for the gradient
 * @param rows of the summary, in its precision
 * @param others rows to measure steps on besides; null if there are none
 * @param extras what is wanted besides
 */
record SummaryRun(
        SummaryProblem problem,
        SummaryOptions options,
        double[] direction,
        Shard rows,
        RateCheck.Others others,
        Extras extras) {
    /**
     * What is wanted besides, and how it is computed.
     *
     * @param order of the tensor of derivatives; 0 for none
     * @param eigenvalues of the full Hessian
     * @param partitions shards of the rows
     */
    private record Extras(int order, int eigenvalues, int partitions) {}

    /**
     * Reads all files.
     *
     * @throws UserError at the first mistake in an option or a file
     */
    static SummaryRun of(CommandLine.Arguments arguments, SummaryProblem problem, SummaryOptions options) {
        double[] direction = problem.direction(arguments);
        Shard rows = rows(arguments.get("data"), problem, options.type());
        int order = arguments.has("order") ? order(arguments.get("order"), problem, options.type()) : 0;
        int count = arguments.has("top-eigenvalues")
                ? TopEigenvaluesOption.parse(
                        arguments.get("top-eigenvalues"),
                        problem.partition().layout().size())
                : 0;
        int partitions = arguments.has("partitions") ? partitions(arguments.get("partitions"), rows.rows()) : 1;
        RateCheck.Others others = others(arguments.get("check"), problem, rows);
        return new SummaryRun(problem, options, direction, rows, others, new Extras(order, count, partitions));
    }

    private static Shard rows(String file, SummaryProblem problem, DType type) {
        return SummaryInput.rows(file, ModelShape.of(problem.model()), type, problem.standardisation());
    }

    private static RateCheck.Others others(String check, SummaryProblem problem, Shard rows) {
        if ("none".equals(check)) {
            return null;
        }
        return check == null
                ? RateCheck.Others.halves(rows)
                : new RateCheck.Others(
                        check, rows(check, problem, rows.features().type()), null);
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

    /** Computes everything, writes the file and prints what a person acts on. */
    void on(JavaSparkContext context, SummaryOutput output, PrintStream out) throws IOException {
        if (!BatchMeans.of(problem.model().build()).isEmpty()) {
            out.println("batch norm: mean and variance of the rows at hand, as in PyTorch's train()");
        }
        RateCheck check = new RateCheck(context, problem, options.backend(), extras.partitions);
        try (SummaryPasses passes = check.passes(rows)) {
            if (options.expected() != null) {
                options.expected().check(passes.loss().meanLoss());
            }
            double[] along = along(passes);
            extras(passes, along, output);
            DerivativeSummary mean = passes.summary(along);
            boolean[] left = check.belowRounding(passes, rows, along);
            output.belowRounding(left);
            RateCheck.Side side = new RateCheck.Side(mean.without(left), along, passes);
            List<SummaryFile.Solution> solutions = solutions(check, side, left, output);
            output.write(problem.summary(), mean, solutions);
            new RateTable(out, mean.loss(), output.otherRows()).print(left(left), solutions);
            out.println(result(mean.loss(), output, RateTable.best(solutions)));
        }
    }

    private double[] along(SummaryPasses passes) {
        return direction != null ? direction : passes.gradient();
    }

    private void extras(SummaryPasses passes, double[] along, SummaryOutput output) {
        if (extras.order > 0) {
            Quantity<DerivativeTensor> tensor = new Quantity.Derivatives(problem.partition(), extras.order);
            output.tensor(
                    passes.evaluate(tensor, Point.along(problem.theta(), along)).mean());
        }
        if (extras.eigenvalues > 0) {
            output.topEigenvalues(passes.topEigenvalues(extras.eigenvalues));
        }
    }

    private List<SummaryFile.Solution> solutions(
            RateCheck check, RateCheck.Side side, boolean[] left, SummaryOutput output) {
        if (others == null) {
            return check.solutions(side, null, options);
        }
        try (SummaryPasses measured = check.passes(others.rows())) {
            LossSum before = measured.loss();
            output.otherRows(new SummaryFile.OtherRows(others.name(), before.samples(), before.meanLoss()));
            if (others.solvedOn() == null) {
                return check.solutions(side, new RateCheck.Side(side.mean(), side.direction(), measured), options);
            }
            try (SummaryPasses solved = check.passes(others.solvedOn())) {
                double[] along = along(solved);
                DerivativeSummary mean = solved.summary(along).without(left);
                return check.solutions(side, new RateCheck.Side(mean, along, measured), options);
            }
        }
    }

    private List<String> left(boolean[] left) {
        List<List<String>> groups = problem.partition().groups();
        return IntStream.range(0, left.length)
                .filter(s -> left[s])
                .mapToObj(s -> String.join("+", groups.get(s)))
                .toList();
    }

    private String result(double loss, SummaryOutput output, SummaryFile.Solution best) {
        String line =
                String.format(Locale.ROOT, "result loss=%.6g samples=%d output=%s", loss, rows.rows(), output.file());
        return best == null
                ? line + " take=0"
                : line + String.format(Locale.ROOT, " take=%s damping_int=%s", best.take(), best.dampingInt());
    }
}

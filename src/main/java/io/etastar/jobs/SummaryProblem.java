package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.interchange.DenseLayout;
import io.etastar.interchange.NpzVector;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.PartitionChoice;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.Quantity;
import io.etastar.settings.ModelFile;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.Program;
import io.etastar.training.ModelShape;
import java.util.List;

/**
 * What is summarised, and at which point.
 *
 * @param model recipe of the model
 * @param theta parameters [P]
 * @param standardisation of the features, or null
 * @param summary subsets of the parameters, and which second derivatives
 */
record SummaryProblem(
        ModelDescription model, double[] theta, Standardisation standardisation, Quantity.Summary summary) {
    /**
     * From CASE and --parameters, which a CASE with a graph of a file need not have, or from --model (then CASE is optional and gives the
     * partition).
     *
     * @throws UserError if they are missing, at odds, or wrong
     */
    static SummaryProblem of(CommandLine.Arguments arguments) {
        if (arguments.has("parameters") && arguments.has("model")) {
            throw number("both");
        }
        ModelFile file = arguments.has("CASE") ? ModelFile.load(arguments.get("CASE")) : null;
        if (file == null && !arguments.has("parameters") && !arguments.has("model")) {
            throw number("neither");
        }
        SummaryProblem problem = arguments.has("model") ? ofRun(arguments, file) : ofArrays(arguments, file);
        Program.check(problem.model.build(), problem.summary.curvature());
        return problem;
    }

    private static UserError number(String found) {
        return new UserError(
                UserError.Subject.of("command line"), found + " of --parameters and --model", "one of them");
    }

    /** Subsets of the parameters. */
    Partition partition() {
        return summary.partition();
    }

    private static Quantity.Summary summary(CommandLine.Arguments arguments, ModelFile file, ParameterLayout layout) {
        String key = arguments.has("curvature") ? arguments.get("curvature") : Curvature.HESSIAN.key();
        for (Curvature curvature : Curvature.values()) {
            if (curvature.key().equals(key)) {
                return new Quantity.Summary(choice(arguments, file).on(layout), curvature);
            }
        }
        throw new UserError(UserError.Subject.option("curvature"), "'" + key + "'", "hessian or ggn");
    }

    private static SummaryProblem ofArrays(CommandLine.Arguments arguments, ModelFile file) {
        if (file == null) {
            throw new UserError(
                    UserError.Subject.of("command line: CASE"), "nothing", "the model's keys with --parameters");
        }
        ModelDescription model = ModelShape.loaded(file.model());
        ParameterLayout layout = model.build().layout();
        Quantity.Summary summary = summary(arguments, file, layout);
        if (!arguments.has("parameters") && model.initial() == null) {
            throw number("neither");
        }
        double[] theta = arguments.has("parameters")
                ? NpzVector.read(arguments.get("parameters"), model.build(), denseLayout(arguments, model))
                : model.initial().toDoubles();
        return new SummaryProblem(model, theta, null, summary);
    }

    private static SummaryProblem ofRun(CommandLine.Arguments arguments, ModelFile file) {
        StoredModel stored = ModelDirectory.read(arguments.get("model"));
        ModelDescription model = ModelDescription.of(stored).withStatistics(List.of());
        if (file != null && !ModelShape.agree(file.model(), model)) {
            throw new UserError(
                    UserError.Subject.of(arguments.get("CASE")),
                    "the model " + file.model().shortJson(),
                    "one like " + model.shortJson() + " of " + arguments.get("model"));
        }
        return new SummaryProblem(
                model,
                stored.theta().toDoubles(),
                Evaluate.standardisation(stored),
                summary(arguments, file, stored.layout()));
    }

    /**
     * Layout of dense weights in the files of parameters and direction: [in, out] unless it is said; that of its own file for a network
     * from ONNX.
     */
    private static DenseLayout denseLayout(CommandLine.Arguments arguments, ModelDescription model) {
        return arguments.has("dense-layout") && !model.hasLayoutsOfFile()
                ? DenseLayout.of(arguments.get("dense-layout"))
                : DenseLayout.IN_OUT;
    }

    /** The direction of a file; null for the gradient. */
    double[] direction(CommandLine.Arguments arguments) {
        String direction = arguments.get("direction");
        return direction == null || direction.equals("gradient")
                ? null
                : NpzVector.read(direction, model.build(), denseLayout(arguments, model));
    }

    private static PartitionChoice choice(CommandLine.Arguments arguments, ModelFile file) {
        if (arguments.has("partition")) {
            return new PartitionChoice(arguments.get("partition"), null);
        }
        return file == null ? new PartitionChoice("canonical", null) : file.partition();
    }
}

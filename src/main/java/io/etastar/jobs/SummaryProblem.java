package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.PartitionChoice;
import io.etastar.settings.ModelFile;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.training.ModelShape;
import java.util.List;

/**
 * The point at which a summary is taken.
 *
 * @param model recipe of the model
 * @param theta parameters [P]
 * @param standardisation of the features, or null
 * @param partition subsets of the parameters
 */
record SummaryProblem(ModelDescription model, double[] theta, Standardisation standardisation, Partition partition) {
    /**
     * From CASE and --parameters, or from --model (then CASE is optional and gives the partition).
     *
     * @throws UserError if they are missing, at odds, or wrong
     */
    static SummaryProblem of(CommandLine.Arguments arguments) {
        if (arguments.has("parameters") == arguments.has("model")) {
            throw new UserError(
                    UserError.Subject.of("command line"),
                    (arguments.has("model") ? "both" : "neither") + " of --parameters and --model",
                    "one of them");
        }
        ModelFile file = arguments.has("CASE") ? ModelFile.load(arguments.get("CASE")) : null;
        return arguments.has("model") ? ofRun(arguments, file) : ofArrays(arguments, file);
    }

    private static SummaryProblem ofArrays(CommandLine.Arguments arguments, ModelFile file) {
        if (file == null) {
            throw new UserError(
                    UserError.Subject.of("command line: CASE"), "nothing", "the model's keys with --parameters");
        }
        ModelDescription model = ModelShape.loaded(file.model());
        ParameterLayout layout = model.build().layout();
        Partition partition = choice(arguments, file).on(layout);
        double[] theta = SummaryInput.flat(arguments.get("parameters"), layout);
        return new SummaryProblem(model, theta, null, partition);
    }

    private static SummaryProblem ofRun(CommandLine.Arguments arguments, ModelFile file) {
        StoredModel stored = ModelDirectory.read(arguments.get("model"));
        ModelDescription model = new ModelDescription(stored.description()).withStatistics(List.of());
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
                choice(arguments, file).on(stored.layout()));
    }

    private static PartitionChoice choice(CommandLine.Arguments arguments, ModelFile file) {
        if (arguments.has("partition")) {
            return new PartitionChoice(arguments.get("partition"), null);
        }
        return file == null ? new PartitionChoice("canonical", null) : file.partition();
    }
}

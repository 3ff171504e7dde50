package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.interchange.NpzWeights;
import io.etastar.interchange.SameDiffFile;
import io.etastar.settings.ModelFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StorageFailure;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.training.ModelShape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Model directories from files of other software. */
final class ImportedModel {
    private ImportedModel() {}

    /** Writes the model directory; what the result line says of it. */
    static String write(ConvertOptions options) {
        CommandLine.Arguments arguments = options.arguments();
        if (!arguments.has("DESCRIPTION")) {
            throw new UserError(
                    UserError.Subject.of("command line: DESCRIPTION"),
                    "nothing",
                    "a case, a job file, a model.json or the" + " directory of a run");
        }
        String file = arguments.get("DESCRIPTION");
        StoredModel model = options.format().equals("npz") ? ofArrays(options, described(file)) : ofGraph(file);
        ModelDirectory.write(options.output(), standardised(arguments, model));
        return " parameters=" + model.layout().size();
    }

    /** The model of a description; its parameters are zeros. */
    private static StoredModel described(String file) {
        if (isStored(file)) {
            return ModelDirectory.describe(file);
        }
        ModelFile read = ModelFile.load(file);
        ModelDescription description = ModelShape.loaded(read.model()).recipe();
        Model model = description.build();
        RawArray zeros = RawArray.zeros(read.dtype(), model.layout().size());
        return new StoredModel(description.json(), model.layout(), zeros, null, null, model.classes())
                .withConstants(description.constantValues());
    }

    private static boolean isStored(String file) {
        Path path = FileAccess.path(file);
        try {
            return path.getName().equals("model.json") || FileAccess.isDirectory(path);
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }

    private static StoredModel ofArrays(ConvertOptions options, StoredModel described) {
        String file = options.arguments().required("parameters", "an .npz file of the parameters");
        ModelDescription training = ModelDescription.of(described).withStatistics(List.of());
        NpzWeights.Contents contents = NpzWeights.read(file, training, options.layout());
        DType type = described.theta().type();
        return new StoredModel(
                        training.withStatistics(contents.statistics()).json(),
                        described.layout(),
                        RawArray.copyOf(type, contents.theta()),
                        described.mean(),
                        described.deviation(),
                        described.classes(),
                        described.table())
                .withConstants(described.constants());
    }

    private static StoredModel ofGraph(String file) {
        if (isStored(file)) {
            throw new UserError(
                    UserError.Subject.of(file), "a stored model", "a case or job file of model onnx or samediff");
        }
        ModelDescription model = ModelShape.loaded(ModelFile.load(file).model());
        if (model.initial() == null) {
            throw new UserError(
                    UserError.Subject.key(file, "model"),
                    model.shortJson(),
                    "model onnx or samediff, which names a file");
        }
        return SameDiffFile.read(model);
    }

    /** The model with the standardisation of the command line, if there is one. */
    private static StoredModel standardised(CommandLine.Arguments arguments, StoredModel model) {
        if (arguments.has("mean") != arguments.has("deviation")) {
            throw new UserError(UserError.Subject.of("command line"), "only one of --mean and --deviation", "both");
        }
        if (!arguments.has("mean")) {
            return model;
        }
        double[] mean = numbers("mean", arguments.get("mean"));
        double[] deviation = numbers("deviation", arguments.get("deviation"));
        if (mean.length != deviation.length || Arrays.stream(deviation).anyMatch(value -> value <= 0)) {
            throw new UserError(
                    UserError.Subject.option("deviation"),
                    "'" + arguments.get("deviation") + "'",
                    mean.length + " numbers > 0, as many as means");
        }
        Standardisation checked = new Standardisation(mean, deviation);
        int elements = elements(model);
        if (elements % mean.length != 0) {
            throw new UserError(
                    UserError.Subject.option("mean"),
                    mean.length + " numbers",
                    "a divisor of " + elements + ", the elements of a row");
        }
        return model.with(checked.mean(), checked.deviation());
    }

    /** Of a row of features. */
    private static int elements(StoredModel stored) {
        Model model = ModelDescription.of(stored).build();
        long[] shape = GraphReader.placeholderShape(model, model.input());
        return (int) Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
    }

    private static double[] numbers(String option, String text) {
        try {
            double[] values = Arrays.stream(text.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (Arrays.stream(values).allMatch(Double::isFinite)) {
                return values;
            }
        } catch (NumberFormatException ignored) {
            // the same message for both
        }
        throw new UserError(UserError.Subject.option(option), "'" + text + "'", "numbers with commas");
    }
}

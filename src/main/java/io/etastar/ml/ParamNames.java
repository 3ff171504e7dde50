package io.etastar.ml;

import io.etastar.UserError;
import io.etastar.settings.JobSettings;
import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names of Params: a job key's path without its block, in camel case ({@code optimizer.average.decay} is {@code averageDecay}),
 * but for a few.
 */
final class ParamNames {
    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            Map.entry("optimizer.name", "optimizer"),
            Map.entry("training.epochs", "maxIter"),
            Map.entry("training.batch", "batchSize"),
            Map.entry("training.micro_batch", "microBatchSize"),
            Map.entry("training.checkpoint_steps", "checkpointInterval"),
            Map.entry("summary.batch", "summaryBatchSize"),
            Map.entry("summary.rows", "summaryRows"),
            Map.entry("summary.share", "summaryShare"),
            Map.entry("data.partitions", "numPartitions"),
            Map.entry("model.input", "inputShape"));

    /** Names in earlier versions. */
    private static final Map<String, String> FORMER = Map.of(
            "hgBatchSize", "summaryBatchSize",
            "hgData", "summaryRows",
            "hgShare", "summaryShare");

    /** Keys of the blocks model and data that are Params; further models are given by the Param {@code model}. */
    private static final Set<String> OF_MODEL_AND_DATA = Set.of(
            "model.layers",
            "model.hidden_layers",
            "model.activation",
            "model.input",
            "data.standardise",
            "data.standardise_targets",
            "data.scaling",
            "data.handle_invalid",
            "data.max_categories",
            "data.partitions",
            "data.class_weights");

    /** Params of a fit that stand for job keys. */
    private static final Map<String, String> OF_FITS =
            Map.of("data.features", "featuresCols", "data.categories", "categoricalCols");

    /** Settings of a fit that job files do not have: columns, when to stop, where to keep checkpoints. */
    private record FitSettings(
            @Key(
                    doc = "description of the model, HOCON or JSON: the keys of a job file's block model; layers,"
                            + " activation and inputShape go before it")
            String model,

            @Key(
                    doc = "columns of features in place of featuresCol: numbers, booleans, texts, dates, timestamps,"
                            + " vectors, arrays of numbers, nested fields by their path; a* stands for all that begin"
                            + " with a. Without it, and without a column of the name in featuresCol: all but label,"
                            + " weight and indicator")
            List<String> featuresCols,

            @Key(doc = "of those, columns whose values are categories though they are no texts")
            List<String> categoricalCols,

            @Key(doc = "column of row weights, finite and not negative; without it all weights are 1")
            String weightCol,

            @Key(doc = "boolean column: rows that are true are not trained on; their loss is measured after each epoch")
            String validationIndicatorCol,

            @Key(doc = "boolean column: rows that are true are not trained on; summaries are drawn from them alone")
            String summaryIndicatorCol,

            @Key(
                    doc =
                            "classifier: column of the label that is predicted, of the kind of the training rows' labels: a text,"
                                    + " a boolean or a number; without it no such column is appended")
            String predictedLabelCol,

            @Key(
                    value = "0",
                    min = 0,
                    doc =
                            "training ends after an epoch whose mean training loss differs from that of the epoch before by"
                                    + " less than tol times the larger of the two; 0 for never")
            double tol,

            @Key(
                    value = "0",
                    min = 0,
                    doc =
                            "epochs without a lower validation loss after which training ends; the model is then, and at the"
                                    + " last epoch, that of the lowest; 0 for all epochs and the last model; needs"
                                    + " validationIndicatorCol")
            int patience,

            @Key(
                    doc =
                            "new directory for a run with its checkpoints, metrics and model, any path that Hadoop knows; an"
                                    + " unfinished run of the same parameters there resumes; without it nothing is written")
            String checkpointDir,

            @Key(
                    doc =
                            "path of a saved model, or of a run that has ended, from which training goes on: its parameters,"
                                    + " layers, columns, standardisation and classes, and the optimizer's state if that is there"
                                    + " and fits; without it parameters are drawn")
            String initialModel,

            @Key(
                    value = "64",
                    min = 0,
                    doc =
                            "the optimizer's state stays with the model, and is saved with it, for a later initialModel, if it"
                                    + " takes at most so many MiB; 0 for never")
            int maxStateInMb) {}

    private static final Map<String, String> NAMES = new LinkedHashMap<>();
    private static final Map<String, String> REASONS = new TreeMap<>();
    private static final Map<String, Schema.Setting> SETTINGS = new LinkedHashMap<>();

    static {
        for (String path : JobSettings.schema().settings().keySet()) {
            String reason = reason(path);
            if (reason == null) {
                NAMES.put(path, OTHERWISE.getOrDefault(path, camelCase(path.substring(path.indexOf('.') + 1))));
            } else {
                REASONS.put(path, reason);
            }
        }
        Schema.of(FitSettings.class).settings().forEach((path, setting) -> SETTINGS.put(camelCase(path), setting));
        NAMES.forEach((path, name) -> SETTINGS.put(name, JobSettings.schema().of(path)));
    }

    private ParamNames() {}

    /** Paths of the job keys that are Params, with their names. */
    static Map<String, String> all() {
        return NAMES;
    }

    /** All Params by name: settings of a fit, then job keys. */
    static Map<String, Schema.Setting> settings() {
        return SETTINGS;
    }

    /** Paths of the job keys that are no Params, with the reason. */
    static Map<String, String> leftOut() {
        return REASONS;
    }

    private static String reason(String path) {
        if (OF_MODEL_AND_DATA.contains(path)) {
            return null;
        }
        if (path.startsWith("summary.data.")) {
            return "the DataFrame says it, by summaryIndicatorCol";
        }
        return switch (path.substring(0, Math.max(0, path.indexOf('.')))) {
            case "model" -> "part of the description that the Param model holds";
            case "data" -> "the DataFrame says it";
            case "spark" -> "the session says it";
            case "report" -> "a fit writes no run directory";
            default -> null;
        };
    }

    private static String camelCase(String path) {
        StringBuilder name = new StringBuilder();
        for (String word : path.split("[._]")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    /** Metadata of a stage with the present names of its Params. */
    static String renamed(String metadataJson) {
        String json = metadataJson;
        for (Map.Entry<String, String> name : FORMER.entrySet()) {
            json = json.replace("\"" + name.getKey() + "\":", "\"" + name.getValue() + "\":");
        }
        return json;
    }

    /** What a mistake is about, with the name of a Param in place of a job key. */
    static String of(UserError.Subject subject) {
        if (subject.kind() != UserError.Subject.Kind.SETTING) {
            return subject.toString();
        }
        String name = NAMES.getOrDefault(subject.name(), OF_FITS.get(subject.name()));
        String place = subject.place() == null ? "" : subject.place() + ": ";
        if (name == null) {
            boolean ofModel = subject.place() != null && subject.name().startsWith("model.");
            return ofModel ? place + "parameter model: key '" + subject.name() + "'" : subject.toString();
        }
        return place + (subject.place() == null ? name : "parameter " + name);
    }

    /** Words that may hold paths of job keys, with the names of Params in their place. */
    static String translated(String words) {
        List<String> paths = new ArrayList<>(NAMES.keySet());
        paths.sort(Comparator.comparingInt(String::length).reversed());
        String text = words;
        for (String path : paths) {
            if (path.contains(".")) {
                text = text.replaceAll("(?<![\\w.])" + Pattern.quote(path) + "(?![\\w.])", NAMES.get(path));
            }
        }
        return text;
    }
}

package io.etastar.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.optimizer.settings.Schedule;
import io.etastar.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A job file merged over the defaults, every key checked. Immutable. */
public final class Configuration {
    private final String file;
    private final Map<String, Located> given;
    private final Map<String, Object> values = new TreeMap<>();
    private final Map<String, Object> model;

    private Configuration(String file, Map<String, Located> given) {
        this.file = file;
        this.given = given;
        Schema.job().keys().forEach((path, key) -> values.put(path, key.defaultValue()));
        given.forEach((path, located) -> values.put(path, located.value()));
        this.model = ModelKeys.complete(file, "model.", modelKeys(given));
        fillIn();
        check();
    }

    /**
     * Reads a job file.
     *
     * @param file HOCON or JSON
     * @param overrides {@code path=value} each, in force over the file, later over earlier
     * @throws UserError in one line {@code FILE:LINE: key 'x.y': found ..., expected ...}
     */
    public static Configuration load(String file, List<String> overrides) {
        return HoconFile.bounded(file, () -> read(file, overrides));
    }

    private static Configuration read(String file, List<String> overrides) {
        Config defaults = ConfigFactory.parseResources("etastar-defaults.conf");
        Config user = HoconFile.overrides(overrides).withFallback(HoconFile.parse(file));
        Config resolved = HoconFile.resolve(file, user, defaults);
        return new Configuration(file, Schema.job().read(resolved.root()));
    }

    /**
     * A job that stands inside another file.
     *
     * @param file the other file, for messages and {@link #name}
     * @param job the keys of a job file, resolved
     * @throws UserError in one line {@code FILE:LINE: key 'x.y': found ..., expected ...}
     */
    public static Configuration of(String file, Config job) {
        return new Configuration(file, Schema.job().read(job.root()));
    }

    private static Map<String, Located> modelKeys(Map<String, Located> given) {
        Map<String, Located> keys = new TreeMap<>();
        given.forEach((path, located) -> {
            if (path.startsWith("model.")) {
                keys.put(path.substring("model.".length()), located);
            }
        });
        return keys;
    }

    private void fillIn() {
        values.keySet().removeIf(path -> path.startsWith("model."));
        model.forEach((key, value) -> values.put("model." + key, value));
        boolean newton = "newton-summary".equals(values.get("optimizer.name"));
        boolean ofTheStep = newton && values.get("training.hg_batch") == null;
        values.computeIfAbsent("optimizer.decay", key -> newton ? "linear" : "none");
        values.computeIfAbsent("training.hg_data", key -> ofTheStep ? "batch" : "drawn");
        values.computeIfAbsent("training.hg_batch", key -> values.get("training.batch"));
        if (!predictsPixels()) {
            values.computeIfAbsent("data.classes", key -> ModelKeys.classes(model));
        }
    }

    private void check() {
        if (model.get("model").equals("rosenbrock")) {
            throw mistake("model.model", "a model with data, any other");
        }
        checkData();
        if (new OptimizerKeys(values).needsRate() && values.get("optimizer.lr") == null) {
            throw mistake("optimizer.lr", "number > 0: optimizer " + values.get("optimizer.name") + " needs it");
        }
        if (values.get("optimizer.name").equals("l-bfgs")) {
            checkSameLoss();
        }
        Integer classes = ModelKeys.classes(model);
        if (classes != null && !predictsPixels() && !classes.equals(values.get("data.classes"))) {
            throw mistake("data.classes", classes + ", the model's classes");
        }
    }

    private void checkData() {
        String source = text("data.source");
        DataKeys.check(this, source);
        if (text("data.files").equals("t10k") && !source.equals("idx")) {
            throw mistake("data.files", "no such key: data.source " + source + " has no such files");
        }
        if (text("data.files").equals("t10k") && values.get("data.test_share") == null) {
            throw mistake("data.test_share", "number in (0, 1): data.files t10k leaves no other test set");
        }
        if (predictsPixels() && truth("data.standardise")) {
            throw mistake("data.standardise", "false: data.transform pixels takes grey levels");
        }
        if (predictsPixels() && text("data.targets").equals("features")) {
            throw mistake("data.targets", "labels: data.transform pixels has targets of its own");
        }
    }

    private boolean predictsPixels() {
        return text("data.transform").equals("pixels");
    }

    private void checkSameLoss() {
        if (!values.get("training.batch").equals("all")) {
            throw mistake("training.batch", "all: optimizer l-bfgs needs every row");
        }
        if (model.get("dropout") instanceof Double dropout && dropout > 0) {
            throw mistake("model.dropout", "0: optimizer l-bfgs needs the same loss at every step");
        }
        if (!text("data.transform").equals("none")) {
            throw mistake("data.transform", "none: optimizer l-bfgs needs the same loss at every step");
        }
    }

    /**
     * The error of a key whose value turned out to be wrong.
     *
     * @param path of the key
     * @param expected what it should have been
     */
    public UserError mistake(String path, String expected) {
        Located located = given.get(path);
        if (located != null) {
            return Schema.error(path, located.source(), expected);
        }
        Object value = values.get(path);
        String found = value == null ? "nothing" : value.toString();
        return new UserError(file + ": key '" + path + "': found " + found + ", expected " + expected);
    }

    /** Whether the user gave that key, in the file or by an override. */
    public boolean gives(String path) {
        return given.containsKey(path);
    }

    /** The file's name without directory and ending. */
    public String name() {
        return Path.of(file).getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
    }

    /** Seed of initialisation and sampling. */
    public long seed() {
        return integer("seed");
    }

    /** Precision of the engine. */
    public DType dtype() {
        return DType.of(text("dtype"));
    }

    /** How the parameters are split. */
    public PartitionChoice partition() {
        return PartitionChoice.of(values.get("partition"));
    }

    /** The model in canonical JSON: sorted keys, only those that it uses. */
    public ModelDescription model() {
        return ModelKeys.description(model);
    }

    /** Where the data come from. */
    public DataSettings data() {
        return new DataSettings(
                text("data.source"),
                text("data.path"),
                truth("data.standardise"),
                integer("data.partitions"),
                values.get("data.classes") == null ? 0 : integer("data.classes"),
                numbers("data.class_weights"),
                text("data.files"),
                values.get("data.test_share") == null ? 0 : number("data.test_share"),
                text("data.targets"),
                text("data.transform"),
                text("data.test_part"),
                truth("data.verify"),
                new FrameSettings(
                        strings("data.features"),
                        text("data.label"),
                        text("data.weight"),
                        integers("data.shape"),
                        text("data.test_path")));
    }

    /** The optimizer and its base rule; its schedule is {@link #schedule}. */
    public OptimizerSettings optimizer() {
        return new OptimizerKeys(values).settings();
    }

    /**
     * How learning rates change over the run.
     *
     * @param stepsPerEpoch training steps of an epoch
     */
    public Schedule schedule(long stepsPerEpoch) {
        return new OptimizerKeys(values).schedule(stepsPerEpoch, integer("training.epochs"), maxSteps());
    }

    /** Epochs, batches, checkpoints. */
    public TrainingSettings training() {
        return new TrainingSettings(
                integer("training.epochs"),
                rows("training.batch"),
                rows("training.hg_batch"),
                text("training.hg_data"),
                number("training.hg_share"),
                integer("training.micro_batch"),
                integer("training.checkpoint_steps"),
                number("training.checkpoint_seconds"),
                integer("training.keep_checkpoints"),
                maxSteps(),
                syncPeriod(),
                integer("training.aggregation_depth"),
                text("training.final_aggregation").equals("executor"));
    }

    /** When a report is written. */
    public ReportSettings report() {
        return new ReportSettings(truth("report.write"), number("report.refresh_seconds"));
    }

    private int syncPeriod() {
        return text("training.sync").equals("period") ? integer("training.sync_period") : 0;
    }

    private int maxSteps() {
        return values.get("training.max_steps") == null ? 0 : integer("training.max_steps");
    }

    /** Settings for Spark, by full name. */
    public Map<String, String> spark() {
        Map<String, String> settings = new TreeMap<>();
        ((Map<?, ?>) values.get("spark.conf")).forEach((key, value) -> settings.put((String) key, (String) value));
        return settings;
    }

    /**
     * The whole configuration as JSON: every key in force, sorted; a job file that gives this configuration again. Settings
     * for Spark that may hold a secret are left out.
     */
    public String resolved() {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            String path = ConfigUtil.joinPath(Arrays.asList(entry.getKey().split("\\.")));
            Object value = entry.getKey().equals("spark.conf") ? Secrets.without(spark()) : entry.getValue();
            all = all.withValue(path, ConfigValueFactory.fromAnyRef(value));
        }
        return all.root()
                        .render(ConfigRenderOptions.concise().setFormatted(true))
                        .stripTrailing()
                + "\n";
    }

    private String text(String path) {
        return (String) values.get(path);
    }

    private int integer(String path) {
        return (Integer) values.get(path);
    }

    private int rows(String path) {
        return values.get(path).equals("all") ? 0 : integer(path);
    }

    private double number(String path) {
        return (Double) values.get(path);
    }

    private List<Double> numbers(String path) {
        List<Double> numbers = new ArrayList<>();
        if (values.get(path) instanceof List<?> list) {
            list.forEach(number -> numbers.add(((Number) number).doubleValue()));
        }
        return numbers;
    }

    private List<String> strings(String path) {
        List<String> strings = new ArrayList<>();
        if (values.get(path) instanceof List<?> list) {
            list.forEach(string -> strings.add((String) string));
        }
        return strings;
    }

    private List<Integer> integers(String path) {
        List<Integer> numbers = new ArrayList<>();
        if (values.get(path) instanceof List<?> list) {
            list.forEach(number -> numbers.add((Integer) number));
        }
        return numbers;
    }

    /** The value in force, or null. */
    Object value(String path) {
        return values.get(path);
    }

    private boolean truth(String path) {
        return (Boolean) values.get(path);
    }
}

package io.etastar.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.PartitionChoice;
import io.etastar.settings.schema.Binder;
import io.etastar.settings.schema.HoconFile;
import io.etastar.settings.schema.Located;
import io.etastar.settings.schema.Schema;
import io.etastar.settings.schema.Secrets;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A job file merged over the defaults of {@link JobSettings}, every key checked. Immutable. */
public final class Configuration {
    private static final String BATCH = "training.batch";
    private static final String SUMMARY_BATCH = "summary.batch";
    private static final String SUMMARY_ROWS = "summary.rows";
    private static final String SUMMARY_DATA = "summary.data.";
    private static final String PARTITIONS = "data.partitions";
    private static final String TEST_SHARE = "data.test_share";
    private static final String CURVATURE = "optimizer.curvature";
    private static final String CONFIRM = "optimizer.confirm";

    private final String file;
    private final Map<String, Located> given;
    private final Map<String, Object> decided;
    private final Map<String, Object> values = new TreeMap<>();
    private final Map<String, Object> model;
    private final JobSettings settings;
    private final boolean ofSummaries;
    private final ReadModel readModel;

    private Configuration(String file, Map<String, Located> given) {
        this(file, given, Map.of(), false, new ReadModel());
    }

    /**
     * @param decided values of keys that are automatic
     * @param ofSummaries whether block data is that of summaries, which has no test rows
     * @param readModel shared with the configurations that follow from this one
     */
    private Configuration(
            String file,
            Map<String, Located> given,
            Map<String, Object> decided,
            boolean ofSummaries,
            ReadModel readModel) {
        this.file = file;
        this.ofSummaries = ofSummaries;
        this.readModel = readModel;
        this.given = given;
        this.decided = Map.copyOf(decided);
        values.putAll(JobSettings.schema().defaults());
        values.putAll(Preset.defaults(given));
        given.forEach((path, located) -> values.put(path, located.value()));
        values.putAll(decided);
        this.model = ModelKeys.complete(file, "model.", modelKeys(given, decided));
        fillIn();
        this.settings = Binder.bind(JobSettings.class, "", values);
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
        return HoconFile.bounded(file, () -> read(file, HoconFile.parse(file), overrides));
    }

    /**
     * Reads the config.json of a run, which an earlier version may have written: former names of keys are read too.
     *
     * @throws UserError as {@link #load}
     */
    public static Configuration ofRun(String file, List<String> overrides) {
        return HoconFile.bounded(
                file, () -> read(file, JobSettings.schema().present(HoconFile.parse(file)), overrides));
    }

    private static Configuration read(String file, Config job, List<String> overrides) {
        Config defaults = defaults();
        Config user = HoconFile.overrides(overrides).withFallback(job);
        Config resolved = HoconFile.resolve(file, user, defaults);
        return new Configuration(file, JobSettings.schema().read(resolved.root()));
    }

    /**
     * A job that stands inside another file.
     *
     * @param file the other file, for messages and {@link #name}
     * @param job the keys of a job file, resolved
     * @throws UserError in one line {@code FILE:LINE: key 'x.y': found ..., expected ...}
     */
    public static Configuration of(String file, Config job) {
        return new Configuration(file, JobSettings.schema().read(job.root()));
    }

    /** What substitutions see behind the file. */
    private static Config defaults() {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, Object> entry : JobSettings.schema().defaults().entrySet()) {
            all = all.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef(entry.getValue()));
        }
        return all;
    }

    private static Map<String, Located> modelKeys(Map<String, Located> given, Map<String, Object> decided) {
        Map<String, Located> keys = new TreeMap<>();
        given.forEach((path, located) -> {
            if (path.startsWith("model.")) {
                keys.put(path.substring("model.".length()), located);
            }
        });
        if (decided.containsKey("model.layers")) {
            keys.remove("hidden_layers");
        }
        decided.forEach((path, value) -> {
            if (path.startsWith("model.")) {
                ConfigValue shown = ConfigValueFactory.fromAnyRef(value, "what the data say");
                keys.put(path.substring("model.".length()), new Located(value, shown));
            }
        });
        return keys;
    }

    private void fillIn() {
        values.keySet().removeIf(path -> path.startsWith("model."));
        model.forEach((key, value) -> values.put("model." + key, value));
        boolean newton = "newton-summary".equals(values.get("optimizer.name"));
        boolean ofTheStep = newton && values.get(SUMMARY_BATCH) == null && !hasSummaryData();
        values.putIfAbsent("optimizer.decay", "none");
        values.putIfAbsent("partition", "wb");
        values.computeIfAbsent(SUMMARY_ROWS, key -> ofTheStep ? "batch" : "drawn");
        if (isAutomatic(BATCH)
                && Binder.bind(OptimizerSettings.class, "optimizer.", values)
                        .needs()
                        .contains(OptimizerSettings.Need.SAME_LOSS)) {
            values.put(BATCH, "all");
        }
        if (isAutomatic(SUMMARY_BATCH)) {
            values.remove(SUMMARY_BATCH);
        }
        if (!isAutomatic(BATCH)) {
            values.computeIfAbsent(SUMMARY_BATCH, key -> values.get(BATCH));
        }
        values.putAll(Preset.ofBatch(given));
        if (!predictsPixels()) {
            values.computeIfAbsent("data.classes", key -> ModelKeys.classes(model));
        }
    }

    private void check() {
        checkData();
        OptimizerSettings.Mistake mistake = optimizer().mistake();
        if (mistake != null) {
            throw mistake(mistake.path(), mistake.expected());
        }
        if (optimizer().needs().contains(OptimizerSettings.Need.SAME_LOSS)) {
            checkSameLoss();
        }
        if (optimizer().name() == OptimizerSettings.Name.NEWTON_SUMMARY
                && optimizer().newton().isSolved()) {
            checkSolved();
        }
        Integer classes = ModelKeys.classes(model);
        if (classes != null && !predictsPixels() && !classes.equals(values.get("data.classes"))) {
            throw mistake("data.classes", classes + ", the model's classes");
        }
    }

    /** Refuses keys that solved lengths do not read; those with their default values are as if they were not given. */
    private void checkSolved() {
        JobSettings.schema().defaults().forEach((key, plain) -> {
            if (NewtonSettings.isOfPublished(key) && !Objects.equals(plain, values.get(key))) {
                throw mistake(
                        key,
                        "no such key with optimizer.preset = solved, which reads period, damping, curvature and confirm");
            }
        });
    }

    private void checkData() {
        String source = data().files().source();
        if (ofSummaries) {
            return;
        }
        DataKeys.check(this, source);
        DataKeys.checkSummaries(this);
        boolean t10k = data().files().files().equals("t10k");
        if (t10k && !source.equals("idx")) {
            throw mistake("data.files", "no such key: data.source " + source + " has no such files");
        }
        if (t10k && values.get(TEST_SHARE) == null) {
            throw mistake(TEST_SHARE, "number in (0, 1): data.files t10k leaves no other test set");
        }
        if (predictsPixels() && data().rows().standardise()) {
            throw mistake("data.standardise", "false: data.transform pixels takes grey levels");
        }
        if (predictsPixels() && data().rows().targets().equals("features")) {
            throw mistake("data.targets", "labels: data.transform pixels has targets of its own");
        }
    }

    private boolean predictsPixels() {
        return "pixels".equals(values.get("data.transform"));
    }

    private void checkSameLoss() {
        String name = "optimizer " + optimizer().name();
        if (!values.get(BATCH).equals("all")) {
            throw mistake(BATCH, "all: " + name + " needs every row");
        }
        if (model.get("dropout") instanceof Double dropout && dropout > 0) {
            throw mistake("model.dropout", "0: " + name + " needs the same loss at every step");
        }
        if (!data().rows().transform().equals("none")) {
            throw mistake("data.transform", "none: " + name + " needs the same loss at every step");
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
        return new UserError(UserError.Subject.key(file, path), found, expected);
    }

    /** This configuration with another curvature of summaries, unless the job names one. */
    public Configuration curved(String curvature) {
        return unlessGiven(CURVATURE, curvature);
    }

    /** This configuration with steps that no other rows confirm, unless the job says whether they do. */
    public Configuration unconfirmed() {
        return unlessGiven(CONFIRM, false);
    }

    private Configuration unlessGiven(String path, Object value) {
        if (given.containsKey(path)) {
            return this;
        }
        Map<String, Object> all = new TreeMap<>(decided);
        all.put(path, value);
        return new Configuration(file, given, all, ofSummaries, readModel);
    }

    /**
     * This configuration with what is automatic decided.
     *
     * @param batch rows of a training step; null to leave it
     * @param summaryBatch rows of a summary if they were to follow the training step's; null for as many
     * @param partitions shards of the training set; null to leave them
     */
    public Configuration planned(Integer batch, Integer summaryBatch, Integer partitions) {
        Map<String, Object> all = new TreeMap<>(decided);
        if (isAutomatic(BATCH) && batch != null) {
            all.put(BATCH, batch);
            if (summaryBatch != null && values.get(SUMMARY_BATCH) == null) {
                all.put(SUMMARY_BATCH, summaryBatch);
                // Its default tells by the batch whether the user gave one.
                all.put(SUMMARY_ROWS, values.get(SUMMARY_ROWS));
            }
        }
        if (isAutomatic(PARTITIONS) && partitions != null) {
            all.put(PARTITIONS, partitions);
        }
        return new Configuration(file, given, all, ofSummaries, readModel);
    }

    /** Whether summaries have a data set of their own. */
    public boolean hasSummaryData() {
        return values.get(SUMMARY_DATA + "path") != null || values.get(SUMMARY_DATA + "table") != null;
    }

    /** This configuration with the data set of summaries, whose rows are its training rows, in its block data. */
    public Configuration withSummaryData() {
        Map<String, Located> other = new TreeMap<>(given);
        other.keySet().removeAll(DataKeys.OF_ONE_SET);
        if (DataKeys.hasOwnReader(this)) {
            other.keySet().removeAll(DataKeys.OF_READER);
        }
        other.keySet().removeIf(path -> path.startsWith(SUMMARY_DATA));
        given.forEach((path, located) -> {
            if (path.startsWith(SUMMARY_DATA)) {
                other.put("data." + path.substring(SUMMARY_DATA.length()), located);
            }
        });
        return new Configuration(file, other, decided, true, readModel);
    }

    /**
     * This configuration with validation rows in place of test rows: the training rows are split, and what the job has as test rows is
     * left alone. Of prepared data the part {@code validation} is taken. A job that splits its rows itself has its test rows behind
     * the validation rows in the same set.
     *
     * @param share of the training rows that are for validation, in (0, 1)
     */
    public Configuration validating(double share) {
        Map<String, Located> other = new TreeMap<>(given);
        other.keySet().removeAll(List.of("data.test_path", "data.test_table", TEST_SHARE, "data.test_part"));
        Map<String, Object> all = new TreeMap<>(decided);
        if (data().files().source().equals("prepared") && !data().splits()) {
            all.put("data.test_part", "validation");
        } else {
            double own = data().splits() ? data().files().testShare() : 0;
            all.put(TEST_SHARE, own + share * (1 - own));
        }
        return new Configuration(file, other, all, ofSummaries, readModel);
    }

    /** Whether inputs and outputs of the model are what the data say. */
    public boolean isOpen() {
        return model.containsKey("hidden_layers");
    }

    /** Whether the number of classes is what the data say. */
    public boolean findsClasses() {
        return isOpen() && "nll".equals(model.get("loss")) && values.get("data.classes") == null;
    }

    /**
     * This configuration with the model that fits the data.
     *
     * @param inputs elements of a row's features
     * @param outputs classes, or elements of a target
     * @param embeddings rows of the tables of embeddings of the last inputs
     * @param widths numbers of an embedding of each table
     */
    public Configuration fitted(int inputs, int outputs, List<Integer> embeddings, List<Integer> widths) {
        Map<String, Object> all = new TreeMap<>(decided);
        ModelKeys.fitted(model, inputs, outputs, embeddings, widths)
                .forEach((key, value) -> all.put("model." + key, value));
        return new Configuration(file, given, all, ofSummaries, readModel);
    }

    /**
     * This configuration with inputs and outputs of a trained model, if its hidden layers are the same.
     *
     * @throws UserError if they are not
     */
    public Configuration fitted(ModelDescription trained) {
        Map<String, Object> all = new TreeMap<>(decided);
        all.putAll(ModelKeys.fitted(this, model, trained));
        return new Configuration(file, given, all, ofSummaries, readModel);
    }

    /** Whether the plan of the run's execution is to decide something. */
    public boolean isAutomatic() {
        return isAutomatic(BATCH) || isAutomatic(PARTITIONS);
    }

    private boolean isAutomatic(String path) {
        return "auto".equals(values.get(path));
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
        return settings.general().seed();
    }

    /** Precision of the engine. */
    public DType dtype() {
        return DType.of(settings.general().dtype());
    }

    /** What computes. */
    public BackendChoice backend() {
        JobSettings.Engine engine = settings.surroundings().engine();
        String libraries = engine.cudaLibraries();
        return BackendChoice.of(engine.backend(), libraries == null ? "" : libraries);
    }

    /** How the parameters are split. */
    public PartitionChoice partition() {
        return settings.general().partition();
    }

    /** The model in canonical JSON: sorted keys, only those that it uses. */
    public ModelDescription model() {
        return ModelKeys.description(model);
    }

    /**
     * The model as it is read from its file, once for this configuration and those that follow from it.
     *
     * @param reading gives what is read of the keys
     */
    public ModelDescription model(UnaryOperator<ModelDescription> reading) {
        return readModel.of(model(), reading);
    }

    /** Where the data come from. */
    public DataSettings data() {
        return settings.data();
    }

    /** The optimizer and its base rule. */
    public OptimizerSettings optimizer() {
        return settings.optimizer();
    }

    /** Epochs, batches, checkpoints. */
    public TrainingSettings training() {
        return settings.training();
    }

    /** Rows of summaries. */
    public SummarySettings summary() {
        return settings.summary();
    }

    /** When a report is written. */
    public JobSettings.Report report() {
        return settings.surroundings().report();
    }

    /** Settings for Spark, by full name. */
    public Map<String, String> spark() {
        return settings.surroundings().spark().conf();
    }

    /**
     * The whole configuration as JSON: every key in force, sorted; a job file that gives this configuration again. Settings
     * for Spark and options of formats that may hold a secret are left out.
     */
    public String resolved() {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            String path = ConfigUtil.joinPath(Arrays.asList(entry.getKey().split("\\.")));
            all = all.withValue(path, ConfigValueFactory.fromAnyRef(open(entry.getValue())));
        }
        return all.root()
                        .render(ConfigRenderOptions.concise().setFormatted(true))
                        .stripTrailing()
                + "\n";
    }

    private static Object open(Object value) {
        if (!(value instanceof Map<?, ?> texts)) {
            return value;
        }
        Map<String, String> settings = new TreeMap<>();
        texts.forEach((key, text) -> settings.put((String) key, (String) text));
        return Secrets.without(settings);
    }

    /** The value in force, or null. */
    Object value(String path) {
        return values.get(path);
    }
}

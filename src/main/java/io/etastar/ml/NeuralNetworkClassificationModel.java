package io.etastar.ml;

import io.etastar.inference.NetworkCall;
import io.etastar.inference.NetworkCall.Output;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.training.WarmStart;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple3;

/** A network that classifies: raw predictions are its logits, probabilities their softmax. */
public class NeuralNetworkClassificationModel
        extends ProbabilisticClassificationModel<Vector, NeuralNetworkClassificationModel>
        implements NeuralNetworkParams<NeuralNetworkClassificationModel>,
                MLWritable,
                HasTrainingSummary<NeuralNetworkClassificationTrainingSummary> {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final Scorer scorer;
    private transient NeuralNetworkClassificationTrainingSummary summary;
    private final transient Checkpoint state;
    private ParamTable table;

    /** Of no network: service loaders want such a constructor, but never call it. */
    public NeuralNetworkClassificationModel() {
        this(PendingUid.random("NeuralNetworkClassifier"), null, null, null);
    }

    /** The same model as another object, with the same uid and Params; the network is shared. */
    protected NeuralNetworkClassificationModel(NeuralNetworkClassificationModel model) {
        this(PendingUid.of(model.uid), model.scorer, model.summary, model.state);
        model.copyValues(this, ParamMap.empty());
    }

    /** @param state where its training ended, or null */
    NeuralNetworkClassificationModel(String uid, StoredModel stored, Checkpoint state) {
        this(PendingUid.of(uid), new Scorer(stored), null, state);
    }

    /**
     * What a fit gave.
     *
     * @param rows that were trained on
     */
    NeuralNetworkClassificationModel(String uid, FrameFit.Result result, Dataset<Row> rows) {
        this(uid, result.model(), result.state());
        summary = new NeuralNetworkClassificationTrainingSummary(result.summary(), this, rows);
    }

    private NeuralNetworkClassificationModel(
            PendingUid uid, Scorer scorer, NeuralNetworkClassificationTrainingSummary summary, Checkpoint state) {
        this.uid = uid.value();
        this.scorer = scorer;
        this.summary = summary;
        this.state = state;
        setTableDefaults();
    }

    /**
     * The model of a run of {@code jobs/train.sh}, or of any model directory.
     *
     * @param directory of the run, or the model directory in it; any path that Hadoop knows
     * @throws IllegalArgumentException if there is none, it is damaged, or it tells no classes
     */
    public static NeuralNetworkClassificationModel fromRun(String directory) {
        HadoopSettings.useActive();
        StoredModel stored = Jobs.translated(() -> ModelDirectory.read(directory));
        if (stored.classes() == 0) {
            throw new IllegalArgumentException(directory
                    + ": found a model without classes, expected one for NeuralNetworkRegressionModel.fromRun");
        }
        PendingUid uid = PendingUid.random("NeuralNetworkClassifier");
        return new NeuralNetworkClassificationModel(uid, new Scorer(stored), null, null);
    }

    @Override
    public String uid() {
        return uid == null ? PendingUid.current() : uid;
    }

    @Override
    public ParamTable table() {
        if (table == null) {
            table = new ParamTable(this);
        }
        return table;
    }

    /** What is written to a model directory; arrays are shared. */
    public StoredModel stored() {
        return scorer.stored();
    }

    @Override
    public int numClasses() {
        return scorer.stored().classes();
    }

    @Override
    public int numFeatures() {
        return scorer.inputs();
    }

    @Override
    public long estimatedSize() {
        return scorer.bytes() + (state == null ? 0 : WarmStart.bytes(state));
    }

    /** Whether {@link #summary} has something to say: not after loading. */
    @Override
    public boolean hasSummary() {
        return summary != null;
    }

    /**
     * How training went.
     *
     * @throws IllegalStateException if the model was loaded
     */
    @Override
    public NeuralNetworkClassificationTrainingSummary summary() {
        if (summary == null) {
            throw new IllegalStateException(uid() + ": found no summary, expected a model that fit returned");
        }
        return summary;
    }

    /** For Spark alone. */
    @Override
    public Option<NeuralNetworkClassificationTrainingSummary> trainingSummary() {
        return Option.apply(summary);
    }

    /** For Spark alone. */
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public void trainingSummary_$eq(Option<NeuralNetworkClassificationTrainingSummary> other) {
        summary = other.isEmpty() ? null : other.get();
    }

    /** Writes the summary to a local directory; for a server that makes room in its memory. */
    @Override
    public void saveSummary(String path) {
        SummaryStore.write(summary(), path);
    }

    /** Reads what {@link #saveSummary} wrote. */
    @Override
    public void loadSummary(String path, Dataset<Row> dataset) {
        summary = new NeuralNetworkClassificationTrainingSummary(SummaryStore.read(path), this, dataset);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        scorer.check(schema, getFeaturesCol());
        StructType predicted = Columns.classification(
                schema, getRawPredictionCol(), getProbabilityCol(), getPredictionCol(), numClasses(), classNames());
        return Columns.labels(predicted, labels(), scorer.stored().classValues().kind());
    }

    private String labels() {
        return FrameFit.isGiven(this, predictedLabelCol()) ? getPredictedLabelCol() : "";
    }

    /**
     * The labels that are the classes, in the order of their indices, as text; empty if the labels were class indices themselves. The
     * metadata of the column of predictions holds them, too, so that {@code IndexToString} turns predictions into labels.
     */
    public String[] classNames() {
        return scorer.stored().classValues().names().toArray(String[]::new);
    }

    /** The frame with columns of raw predictions, probabilities and predictions; computed when the frame is. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema(), true);
        Map<Output, String> outputs = new EnumMap<>(Output.class);
        outputs.put(Output.RAW, getRawPredictionCol());
        outputs.put(Output.PROBABILITY, getProbabilityCol());
        outputs.put(Output.PREDICTION, getPredictionCol());
        double[] limits = isDefined(thresholds()) ? getThresholds() : null;
        if (limits != null && limits.length != numClasses()) {
            throw new IllegalArgumentException(uid() + ": parameter thresholds: found " + limits.length
                    + " of them, expected " + numClasses() + ", one for each class");
        }
        return scorer.transform(
                dataset.toDF(), uid(), getFeaturesCol(), outputs, schema, limits, labels(), computesOn());
    }

    /**
     * What each column of a table is worth to the model on some rows, the most important one first: how much worse its predictions are
     * if the column's values are shuffled among the rows of a shard (permutation importance; Breiman, 2001). Columns: column, loss (increase of the
     * mean loss), accuracy (its decrease). One Spark job.
     *
     * @param dataset with the columns and labels, better not the training rows
     * @throws IllegalStateException if features are one column, not a table
     */
    public Dataset<Row> importance(Dataset<?> dataset) {
        return scorer.importance(dataset.toDF(), getLabelCol(), getSeed());
    }

    /**
     * How pairs of a table's columns depend on each other in the model's loss on some rows, the strongest first. Columns: first, second, value,
     * the second derivative of the mean loss in the scales of both columns: to second order, the loss with both at their means in all rows,
     * less those with either at its mean, plus that of the rows as they are. Positive: each makes up for the other's loss. Negative:
     * either is of use only with the other. Exact; two Spark jobs.
     *
     * @param dataset with the columns and labels, better not the training rows
     * @throws IllegalStateException if features are one column, not a table
     */
    public Dataset<Row> interactions(Dataset<?> dataset) {
        return scorer.interactions(dataset.toDF(), getLabelCol());
    }

    /** Logits [numClasses]. */
    @Override
    public Vector predictRaw(Vector features) {
        return new DenseVector(scorer.outputs(features));
    }

    @Override
    public Vector raw2probabilityInPlace(Vector raw) {
        DenseVector logits = (DenseVector) raw;
        double[] shares = NetworkCall.softmax(logits.values());
        System.arraycopy(shares, 0, logits.values(), 0, shares.length);
        return logits;
    }

    /** For Spark alone: its two superclasses give this method types that Java cannot tell apart. */
    @Override
    @SuppressWarnings("rawtypes")
    public Tuple3 findSummaryModel() {
        return super.findSummaryModel();
    }

    @Override
    public NeuralNetworkClassificationModel copy(ParamMap extra) {
        PendingUid same = PendingUid.of(uid);
        return copyValues(new NeuralNetworkClassificationModel(same, scorer, summary, state), extra)
                .setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this, scorer.stored(), state);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<NeuralNetworkClassificationModel> read() {
        return reader(model -> model);
    }

    /** @param as gives what is read another class */
    protected static MLReader<NeuralNetworkClassificationModel> reader(
            UnaryOperator<NeuralNetworkClassificationModel> as) {
        return new ModelReader<>(NeuralNetworkClassificationModel.class, NeuralNetworkClassificationModel::new, as);
    }

    /** Reads from a path. */
    public static NeuralNetworkClassificationModel load(String path) {
        return read().load(path);
    }

    /** Writes the model to a new directory. */
    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    @Override
    public String toString() {
        return "NeuralNetworkClassificationModel: uid=" + uid() + ", numClasses=" + numClasses() + ", numFeatures="
                + numFeatures();
    }
}

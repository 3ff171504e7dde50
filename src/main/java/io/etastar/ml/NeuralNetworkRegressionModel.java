package io.etastar.ml;

import io.etastar.inference.NetworkCall.Output;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.training.WarmStart;
import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** A network that predicts numbers: one for each row, or a vector of them. */
public class NeuralNetworkRegressionModel extends RegressionModel<Vector, NeuralNetworkRegressionModel>
        implements NeuralNetworkParams<NeuralNetworkRegressionModel>,
                MLWritable,
                HasTrainingSummary<NeuralNetworkTrainingSummary> {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final Scorer scorer;
    private transient NeuralNetworkTrainingSummary summary;
    private final transient Checkpoint state;
    private ParamTable table;

    /** Of no network: service loaders want such a constructor, but never call it. */
    public NeuralNetworkRegressionModel() {
        this(PendingUid.random("NeuralNetworkRegressor"), null, null, null);
    }

    /** The same model as another object, with the same uid and Params; the network is shared. */
    protected NeuralNetworkRegressionModel(NeuralNetworkRegressionModel model) {
        this(PendingUid.of(model.uid), model.scorer, model.summary, model.state);
        model.copyValues(this, ParamMap.empty());
    }

    /** What a fit gave. */
    NeuralNetworkRegressionModel(String uid, FrameFit.Result result) {
        this(PendingUid.of(uid), new Scorer(result.model()), result.summary(), result.state());
    }

    private NeuralNetworkRegressionModel(
            PendingUid uid, Scorer scorer, NeuralNetworkTrainingSummary summary, Checkpoint state) {
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
     * @throws IllegalArgumentException if there is none, it is damaged, or it tells classes
     */
    public static NeuralNetworkRegressionModel fromRun(String directory) {
        HadoopSettings.useActive();
        StoredModel stored = Jobs.translated(() -> ModelDirectory.read(directory));
        if (stored.classes() > 0) {
            throw new IllegalArgumentException(directory
                    + ": found a model of classes, expected one without:"
                    + " NeuralNetworkClassificationModel.fromRun takes it");
        }
        PendingUid uid = PendingUid.random("NeuralNetworkRegressor");
        return new NeuralNetworkRegressionModel(uid, new Scorer(stored), null, null);
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

    /** Numbers of a prediction. */
    public int numOutputs() {
        return scorer.shape().outputs();
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
    public NeuralNetworkTrainingSummary summary() {
        if (summary == null) {
            throw new IllegalStateException(uid() + ": found no summary, expected a model that fit returned");
        }
        return summary;
    }

    /** For Spark alone. */
    @Override
    public Option<NeuralNetworkTrainingSummary> trainingSummary() {
        return Option.apply(summary);
    }

    /** For Spark alone. */
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public void trainingSummary_$eq(Option<NeuralNetworkTrainingSummary> other) {
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
        summary = SummaryStore.read(path);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        scorer.check(schema, getFeaturesCol());
        return Columns.regression(schema, getPredictionCol(), numOutputs());
    }

    /** The frame with a column of predictions, numbers or vectors; computed when the frame is. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema(), true);
        Map<Output, String> outputs = Map.of(Output.PREDICTION, getPredictionCol());
        return scorer.transform(dataset.toDF(), uid(), getFeaturesCol(), outputs, schema, null, "", computesOn());
    }

    /**
     * What each column of a table is worth to the model on some rows, the most important one first: how much worse its predictions are
     * if the column's values are shuffled among the rows of a shard (permutation importance; Breiman, 2001). Columns: column, loss (increase of the
     * mean loss), accuracy (its decrease; 0). One Spark job.
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

    /** The prediction of a model with one output. */
    @Override
    public double predict(Vector features) {
        if (numOutputs() != 1) {
            throw new IllegalStateException(
                    uid() + ": found " + numOutputs() + " outputs, expected one: predictVector gives them all");
        }
        return scorer.outputs(features)[0];
    }

    /** All outputs [numOutputs]. */
    public Vector predictVector(Vector features) {
        return new DenseVector(scorer.outputs(features));
    }

    @Override
    public NeuralNetworkRegressionModel copy(ParamMap extra) {
        PendingUid same = PendingUid.of(uid);
        return copyValues(new NeuralNetworkRegressionModel(same, scorer, summary, state), extra)
                .setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this, scorer.stored(), state);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<NeuralNetworkRegressionModel> read() {
        return reader(model -> model);
    }

    /** @param as gives what is read another class */
    protected static MLReader<NeuralNetworkRegressionModel> reader(UnaryOperator<NeuralNetworkRegressionModel> as) {
        return new ModelReader<>(
                NeuralNetworkRegressionModel.class,
                (uid, stored, state) -> new NeuralNetworkRegressionModel(uid, new FrameFit.Result(stored, null, state)),
                as);
    }

    /** Reads from a path. */
    public static NeuralNetworkRegressionModel load(String path) {
        return read().load(path);
    }

    /** Writes the model to a new directory. */
    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    @Override
    public String toString() {
        return "NeuralNetworkRegressionModel: uid=" + uid() + ", numOutputs=" + numOutputs() + ", numFeatures="
                + numFeatures();
    }
}

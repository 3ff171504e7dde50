package io.etastar.ml;

import io.etastar.settings.Configuration;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a neural network that predicts numbers, with learning rates solved from exact derivatives.
 *
 * <p>Features are a column of vectors, arrays of numbers, bytes (0 to 255, scaled to [0, 1], or PNG and JPEG files) or
 * Spark's images; labels a column of numbers, or of vectors or arrays if the model has several outputs. Setters' values are
 * checked at once if they can be, else by {@link #fit}: an {@link IllegalArgumentException} names the Param or the column,
 * what was found and what is expected.
 */
public class NeuralNetworkRegressor extends Regressor<Vector, NeuralNetworkRegressor, NeuralNetworkRegressionModel>
        implements NeuralNetworkParams<NeuralNetworkRegressor>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private ParamTable table;

    /** With a uid of its own. */
    public NeuralNetworkRegressor() {
        this(PendingUid.random("NeuralNetworkRegressor"));
    }

    /** With a given uid. */
    public NeuralNetworkRegressor(String uid) {
        this(PendingUid.of(uid));
    }

    private NeuralNetworkRegressor(PendingUid uid) {
        this.uid = uid.value();
        setTableDefaults();
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

    @Override
    public StructType transformSchema(StructType schema) {
        return transformed(schema, job("mse"));
    }

    private StructType transformed(StructType schema, Configuration job) {
        TableColumns table = new TableColumns(this, job);
        if (table.isTable(schema)) {
            table.check(schema);
        } else {
            FeatureColumn.check(schema, getFeaturesCol());
        }
        FeatureColumn.checkTargets(schema, getLabelCol());
        return Columns.regression(schema, getPredictionCol(), FrameFit.outputs(job));
    }

    /**
     * Trains, in Spark jobs of the frame's session. The order of the rows is part of what decides the result.
     *
     * @throws IllegalArgumentException naming the Param or column that is wrong
     * @throws io.etastar.training.TrainingDiverged if a loss, gradient or parameter is not finite
     */
    @Override
    public NeuralNetworkRegressionModel fit(Dataset<?> dataset) {
        Configuration job = job("mse");
        transformed(dataset.schema(), job);
        return copyValues(train(dataset, job).setParent(this), ParamMap.empty());
    }

    /** What {@link #fit} does, without copying the Params. */
    @Override
    public NeuralNetworkRegressionModel train(Dataset<?> dataset) {
        return train(dataset, job("mse"));
    }

    private NeuralNetworkRegressionModel train(Dataset<?> dataset, Configuration job) {
        FrameFit.Result result = new FrameFit(this, job, getFeaturesCol(), getLabelCol(), false).run(dataset.toDF());
        return new NeuralNetworkRegressionModel(uid(), result);
    }

    /** Bytes of the model that {@link #fit} would give; of the optimizer's state with it an estimate from above. */
    @Override
    public long estimateModelSize(Dataset<?> dataset) {
        return FrameFit.modelBytes(job("mse"), (long) getMaxStateInMb() << 20, dataset);
    }

    @Override
    public NeuralNetworkRegressor copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<NeuralNetworkRegressor> read() {
        return reader(stage -> stage);
    }

    /** @param as gives what is read another class */
    protected static MLReader<NeuralNetworkRegressor> reader(UnaryOperator<NeuralNetworkRegressor> as) {
        return new StageReader<>(NeuralNetworkRegressor.class, NeuralNetworkRegressor::new, as);
    }

    @Override
    public MLWriter write() {
        return new StageWriter(this);
    }

    /** Reads from a path. */
    public static NeuralNetworkRegressor load(String path) {
        return read().load(path);
    }

    /** Writes the Params to a new directory. */
    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }
}

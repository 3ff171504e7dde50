package io.etastar.ml;

import io.etastar.frame.FrameGroups;
import io.etastar.quantity.Curvature;
import io.etastar.settings.JobSettings;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.BackendChoice;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.runtime.AbstractFunction1;

/**
 * Exact derivatives of a trained network's loss over a frame, whole or by group: loss, g, H (Hessian or Gauss-Newton matrix) and
 * order3 in the learning rates of S subsets of the parameters, along one direction, in double precision.
 *
 * <p>The frame that {@link #transform} returns has one row for each group, or a single one, with columns
 *
 * <ul>
 *   <li>those of {@link #groupBy}, a null being a value like others; rows are sorted by them, nulls first;
 *   <li>{@code samples}: double, sum of the rows' weights;
 *   <li>{@code loss}, {@code g} [S], {@code H} [S][S], {@code order3} [S]: doubles, <b>sums</b> over the rows, each times its
 *       weight. The direction is that of the whole frame for all groups, so sums of groups add up to the whole's; divided by
 *       {@code samples} they are those of the mean loss;
 *   <li>{@code subsets} [S]: names of each subset's tensors, with commas;
 *   <li>{@code eta} [S]: doubles, the solution of eta = (H + dampingInt/2 |D eta| D^2)^-1 g for the group's mean loss, to be
 *       subtracted; null if there is none, 0 for subsets whose derivatives over the whole frame are rounding errors alone ({@link
 *       io.etastar.curvature.RoundingErrors}).
 * </ul>
 *
 * <p>The frame is computed when it is first read, and then kept: a pass for the gradient, one for all groups together, and both once
 * more in single precision, which tells rounding errors. Dropout is off, and batch norm takes its stored mean and variance, as in
 * predictions. On GPUs ({@link #backend} cuda) a small job first looks whether each device is there and has the memory. All Params can
 * be set over Spark Connect.
 */
public class CurvatureSummary extends Transformer implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    static final String GRADIENT = "gradient";
    private static final Set<String> BACKENDS = Set.of("auto", "cpu", "cuda");

    private final String uid;
    private final Param<String> model;
    private final Param<String> partition;
    private final Param<String> direction;
    private final Param<String> curvature;
    private final StringArrayParam groupBy;
    private final Param<String> featuresCol;
    private final Param<String> labelCol;
    private final Param<String> weightCol;
    private final DoubleParam dampingInt;
    private final Param<String> backend;
    private final Param<String> cudaLibraries;
    private StoredModel given;

    /** With a uid of its own. */
    public CurvatureSummary() {
        this(Identifiable$.MODULE$.randomUID("CurvatureSummary"));
    }

    /** With a given uid. */
    public CurvatureSummary(String uid) {
        this.uid = uid;
        model = text(
                "model", "path of a saved model, or of the directory of a run", value -> !value.isEmpty(), "a path");
        partition = text(
                "partition",
                "subsets of the parameters: canonical (one for each tensor), trivial, wb, kinds, blocks-K, alternate-K or"
                        + " names:SUFFIX,SUFFIX,...",
                value -> !value.isEmpty(),
                "canonical, trivial, wb, kinds, blocks-K, alternate-K or names:SUFFIX,SUFFIX,...");
        direction = text(
                "direction",
                "gradient, that of the mean loss over the whole frame, or an .npz file with an array for each parameter",
                value -> value.equals(GRADIENT) || value.endsWith(".npz"),
                "gradient or an .npz file");
        curvature = text(
                "curvature",
                "what H is: hessian, or ggn for the Gauss-Newton matrix",
                value -> value.equals(Curvature.HESSIAN.key()) || value.equals(Curvature.GGN.key()),
                "hessian or ggn");
        groupBy = new StringArrayParam(
                this, "groupBy", "columns whose values make the groups; none for one group of all rows");
        featuresCol = text("featuresCol", "column of features; by default the model's own", value -> true, "");
        labelCol = text("labelCol", "column of labels; by default the model's own", value -> true, "");
        weightCol = text(
                "weightCol", "column of row weights; by default the model's own, empty for none", value -> true, "");
        dampingInt = new DoubleParam(
                uid,
                "dampingInt",
                "weight of the cubic term that eta is solved with, from 0",
                check("dampingInt", (Double value) -> value >= 0 && value < Double.POSITIVE_INFINITY, "numbers from 0")
                        .untyped());
        backend = text("backend", settingDoc("engine.backend"), BACKENDS::contains, "one of auto, cpu, cuda");
        cudaLibraries =
                text("cudaLibraries", settingDoc("engine.cuda_libraries"), value -> !value.isEmpty(), "a folder");
        setDefault(backend, "auto");
        setDefault(partition, "canonical");
        setDefault(direction, GRADIENT);
        setDefault(curvature, Curvature.HESSIAN.key());
        setDefault(groupBy, new String[0]);
        setDefault(dampingInt, 1.0);
    }

    private static String settingDoc(String key) {
        return ParamTable.doc(JobSettings.schema().of(key));
    }

    private Param<String> text(String name, String doc, Valid<String> valid, String expected) {
        return new Param<>(uid, name, doc, check(name, valid, expected), String.class);
    }

    private <T> Check<T> check(String name, Valid<T> valid, String expected) {
        return new Check<>(valid, uid + ": parameter " + name + ": ", expected);
    }

    /** Values that a Param takes; travels with the Params. */
    @FunctionalInterface
    private interface Valid<T> extends Serializable {
        boolean test(T value);
    }

    /** Refuses others with a line of our own. */
    private static final class Check<T> extends AbstractFunction1<T, Object> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Valid<T> valid;
        private final String subject;
        private final String expected;

        Check(Valid<T> valid, String subject, String expected) {
            this.valid = valid;
            this.subject = subject;
            this.expected = expected;
        }

        @Override
        public Object apply(T value) {
            if (!valid.test(value)) {
                throw new IllegalArgumentException(subject + "found '" + value + "', expected " + expected);
            }
            return true;
        }

        @SuppressWarnings("unchecked")
        AbstractFunction1<Object, Object> untyped() {
            return (AbstractFunction1<Object, Object>) (AbstractFunction1<?, Object>) this;
        }
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Param: path of a saved model, or of the directory of a run. */
    public Param<String> model() {
        return model;
    }

    /** Value of {@link #model}. */
    public String getModel() {
        return getOrDefault(model);
    }

    /** Sets {@link #model}. */
    public CurvatureSummary setModel(String value) {
        given = null;
        return with(model, value);
    }

    /** Takes the model itself in place of {@link #model}, and its columns; a summary with it cannot be saved. */
    public CurvatureSummary setModel(NeuralNetworkClassificationModel value) {
        return setModel(value, value.stored(), value.getFeaturesCol(), value.getLabelCol());
    }

    /** Takes the model itself in place of {@link #model}, and its columns; a summary with it cannot be saved. */
    public CurvatureSummary setModel(NeuralNetworkRegressionModel value) {
        return setModel(value, value.stored(), value.getFeaturesCol(), value.getLabelCol());
    }

    private CurvatureSummary setModel(NeuralNetworkParams<?> of, StoredModel stored, String features, String label) {
        given = stored;
        clear(model);
        String weight = FrameFit.isGiven(of, of.weightCol()) ? of.getWeightCol() : "";
        return setFeaturesCol(features).setLabelCol(label).setWeightCol(weight);
    }

    /** The model that was set itself, or null. */
    StoredModel given() {
        return given;
    }

    /** Param: subsets of the parameters, as job files name them. */
    public Param<String> partition() {
        return partition;
    }

    /** Value of {@link #partition}. */
    public String getPartition() {
        return getOrDefault(partition);
    }

    /** Sets {@link #partition}. */
    public CurvatureSummary setPartition(String value) {
        return with(partition, value);
    }

    /** Param: gradient, that of the mean loss over the whole frame, or an .npz file with an array for each parameter. */
    public Param<String> direction() {
        return direction;
    }

    /** Value of {@link #direction}. */
    public String getDirection() {
        return getOrDefault(direction);
    }

    /** Sets {@link #direction}. */
    public CurvatureSummary setDirection(String value) {
        return with(direction, value);
    }

    /** Param: hessian or ggn. */
    public Param<String> curvature() {
        return curvature;
    }

    /** Value of {@link #curvature}. */
    public String getCurvature() {
        return getOrDefault(curvature);
    }

    /** Sets {@link #curvature}. */
    public CurvatureSummary setCurvature(String value) {
        return with(curvature, value);
    }

    /** Param: columns whose values make the groups; none for one group of all rows. */
    public StringArrayParam groupBy() {
        return groupBy;
    }

    /** Value of {@link #groupBy}. */
    public String[] getGroupBy() {
        return getOrDefault(groupBy);
    }

    /** Sets {@link #groupBy}. */
    public CurvatureSummary setGroupBy(String... value) {
        return with(groupBy, value);
    }

    /** Param: column of features; by default the model's own. */
    public Param<String> featuresCol() {
        return featuresCol;
    }

    /** Value of {@link #featuresCol}, if it is set. */
    public String getFeaturesCol() {
        return getOrDefault(featuresCol);
    }

    /** Sets {@link #featuresCol}. */
    public CurvatureSummary setFeaturesCol(String value) {
        return with(featuresCol, value);
    }

    /** Param: column of labels; by default the model's own. */
    public Param<String> labelCol() {
        return labelCol;
    }

    /** Value of {@link #labelCol}, if it is set. */
    public String getLabelCol() {
        return getOrDefault(labelCol);
    }

    /** Sets {@link #labelCol}. */
    public CurvatureSummary setLabelCol(String value) {
        return with(labelCol, value);
    }

    /** Param: column of row weights; by default the model's own, empty for none. */
    public Param<String> weightCol() {
        return weightCol;
    }

    /** Value of {@link #weightCol}, if it is set. */
    public String getWeightCol() {
        return getOrDefault(weightCol);
    }

    /** Sets {@link #weightCol}. */
    public CurvatureSummary setWeightCol(String value) {
        return with(weightCol, value);
    }

    /** Param: weight of the cubic term that eta is solved with, from 0. */
    public DoubleParam dampingInt() {
        return dampingInt;
    }

    /** Value of {@link #dampingInt}. */
    public double getDampingInt() {
        return (Double) getOrDefault(dampingInt);
    }

    /** Sets {@link #dampingInt}. */
    public CurvatureSummary setDampingInt(double value) {
        return with(dampingInt, value);
    }

    /** Param: what executors compute on: auto, cpu, cuda. */
    public Param<String> backend() {
        return backend;
    }

    /** Value of {@link #backend}. */
    public String getBackend() {
        return getOrDefault(backend);
    }

    /** Sets {@link #backend}. */
    public CurvatureSummary setBackend(String value) {
        return with(backend, value);
    }

    /** Param: cuda: folder of libcuda, libnvrtc and libcublas on each machine; by default the usual places. */
    public Param<String> cudaLibraries() {
        return cudaLibraries;
    }

    /** Value of {@link #cudaLibraries}, if it is set. */
    public String getCudaLibraries() {
        return getOrDefault(cudaLibraries);
    }

    /** Sets {@link #cudaLibraries}. */
    public CurvatureSummary setCudaLibraries(String value) {
        return with(cudaLibraries, value);
    }

    /** What executors compute on. */
    BackendChoice computesOn() {
        return BackendChoice.of(getBackend(), orElse(cudaLibraries, ""));
    }

    private <T> CurvatureSummary with(Param<T> param, T value) {
        set(param, value);
        return this;
    }

    /** The value of a Param if it is set, else {@code otherwise}. */
    String orElse(Param<String> param, String otherwise) {
        return isSet(param) ? getOrDefault(param) : otherwise;
    }

    /**
     * The schema of the summaries; reads the model's description, and no row.
     *
     * @throws IllegalArgumentException naming the Param or column that is wrong, what was found and what is expected
     */
    @Override
    public StructType transformSchema(StructType schema) {
        HadoopSettings.useActive();
        return Jobs.translated(() -> {
            SummarizedModel.described(this).check(schema);
            return schemaOf(schema);
        });
    }

    private StructType schemaOf(StructType schema) {
        DataType numbers = DataTypes.createArrayType(DataTypes.DoubleType, false);
        StructType own = new StructType()
                .add("samples", DataTypes.DoubleType, false)
                .add("loss", DataTypes.DoubleType, false)
                .add("subsets", DataTypes.createArrayType(DataTypes.StringType, false), false)
                .add("g", numbers, false)
                .add("H", DataTypes.createArrayType(numbers, false), false)
                .add("order3", numbers, false)
                .add("eta", numbers, true);
        StructType all = new StructType();
        List<String> taken = new ArrayList<>(List.of(own.fieldNames()));
        for (String name : getGroupBy()) {
            FrameGroups.check(schema, name);
            StructField field = FeatureColumn.find(schema, name);
            if (taken.stream().anyMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException(uid + ": parameter groupBy: found '" + name
                        + "', expected names of which each is there once, and none of "
                        + String.join(", ", own.fieldNames()));
            }
            taken.add(name);
            all = all.add(field);
        }
        return Arrays.stream(own.fields()).reduce(all, StructType::add, (left, right) -> right);
    }

    /**
     * The summaries of a frame; computed when the result is first read.
     *
     * @throws IllegalArgumentException as {@link #transformSchema}; for what is wrong with rows when the result is read
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        if (dataset.isStreaming()) {
            throw new IllegalArgumentException(uid + ": found a streaming frame, expected one that ends");
        }
        SummaryRelation rows = new SummaryRelation(copy(ParamMap.empty()), dataset.toDF(), schema);
        return dataset.sparkSession().baseRelationToDataFrame(rows);
    }

    @Override
    public CurvatureSummary copy(ParamMap extra) {
        CurvatureSummary copy = defaultCopy(extra);
        copy.given = given;
        return copy;
    }

    @Override
    public MLWriter write() {
        if (given != null) {
            throw new IllegalArgumentException(
                    uid + ": parameter model: found a model itself, expected its path in a summary to be saved");
        }
        return new StageWriter(this);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<CurvatureSummary> read() {
        return reader(stage -> stage);
    }

    /** @param as gives what is read another class */
    protected static MLReader<CurvatureSummary> reader(UnaryOperator<CurvatureSummary> as) {
        return new StageReader<>(CurvatureSummary.class, CurvatureSummary::new, as);
    }

    /** Reads from a path. */
    public static CurvatureSummary load(String path) {
        return read().load(path);
    }

    /** Writes the Params to a new directory. */
    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }
}

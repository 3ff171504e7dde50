package io.etastar.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;

import io.etastar.data.Standardisation;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameField;
import io.etastar.frame.FrameRows;
import io.etastar.graph.ModelDescription;
import io.etastar.report.RunDirectory;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.spark.rows.Rows;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.StoredModel;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.DType;
import io.etastar.training.ClusterShape;
import io.etastar.training.ModelShape;
import io.etastar.training.Plans;
import io.etastar.training.TrainingPlan;
import io.etastar.training.WarmStart;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Training on the rows of a frame. */
final class FrameFit {
    private static final Logger LOG = LoggerFactory.getLogger(FrameFit.class);

    /** Arrays of as many numbers as there are parameters in a state: the parameters, their average, the moments of Muon and Adam, one to spare. */
    private static final int STATE_ARRAYS = 6;

    private final NeuralNetworkParams<?> params;
    private final Configuration job;
    private final ModelShape shape;
    private final FrameColumns columns;
    /**
     * A trained model.
     *
     * @param model its parameters
     * @param summary how training went
     * @param state where it ended, for a later initialModel; null if it is not kept
     */
    record Result(StoredModel model, NeuralNetworkTrainingSummary summary, Checkpoint state) {}

    /**
     * @param params weights, validation rows, when to stop, where to write
     * @param job the rest of them, checked
     * @param features column of features
     * @param label column of labels
     * @param classes whether labels must be classes
     */
    FrameFit(NeuralNetworkParams<?> params, Configuration job, String features, String label, boolean classes) {
        this.params = params;
        this.job = job;
        shape = shape(job);
        boolean modelOfClasses = job.isOpen() ? shape.loss().equals("nll") : shape.classes() > 0;
        if (classes != modelOfClasses) {
            throw new IllegalArgumentException(params.uid() + ": parameter model: found a model "
                    + (classes
                            ? "whose targets are numbers, expected one of classes"
                            : "of classes, expected one whose" + " targets are numbers"));
        }
        if (params.getPatience() > 0 && !isGiven(params, params.validationIndicatorCol())) {
            throw new IllegalArgumentException(params.uid() + ": parameter patience: found " + params.getPatience()
                    + " without validationIndicatorCol, expected both or 0");
        }
        int known = shape.classes() > 0
                ? shape.classes()
                : job.data().classes().classWeights().size();
        int[] input = shape.input().stream().mapToInt(Integer::intValue).toArray();
        if (isGiven(params, params.summaryIndicatorCol())) {
            checkSummaries();
        }
        columns = new FrameColumns(
                List.of(features),
                label,
                null,
                !classes ? 0 : known > 0 ? known : FrameColumns.FOUND,
                input.length == 0 ? null : input);
    }

    private void checkSummaries() {
        if (!job.optimizer().needs().contains(Need.SUMMARY_BATCHES)) {
            throw new IllegalArgumentException(params.uid() + ": parameter summaryIndicatorCol: found '"
                    + params.getSummaryIndicatorCol() + "', expected none: optimizer "
                    + job.optimizer().name() + " makes no summaries");
        }
        if (job.gives("summary.rows") && !job.summary().rows().equals("drawn")) {
            throw new IllegalArgumentException(params.uid() + ": parameter summaryRows: found "
                    + job.summary().rows() + ", expected drawn: summaryIndicatorCol names the rows of summaries");
        }
    }

    private static ModelShape shape(Configuration job) {
        return Jobs.translated(() -> ModelShape.of(ModelShape.loaded(job)));
    }

    /** Numbers that a job's model gives for a row; 1 if the data are to say. */
    static int outputs(Configuration job) {
        return job.isOpen() ? 1 : shape(job).outputs();
    }

    /**
     * Bytes of a job's trained model; of an open one, those for as many inputs as the frame has columns.
     *
     * @param mostState bytes of the state that may stay with it, of which {@link #STATE_ARRAYS} are taken to be there
     */
    static long modelBytes(Configuration open, long mostState, Dataset<?> frame) {
        Configuration job = open.isOpen() ? open.fitted(frame.columns().length, 2, List.of(), List.of()) : open;
        ModelDescription read = Jobs.translated(() -> ModelShape.loaded(job));
        long size = read.build().layout().size();
        long state = STATE_ARRAYS * Double.BYTES * size;
        return size * job.dtype().bytes() + read.json().length() + (state <= mostState ? state : 0);
    }

    /** Whether a Param has a text that is not empty. */
    static boolean isGiven(NeuralNetworkParams<?> params, Param<String> param) {
        return params.isDefined(param) && !params.getOrDefault(param).isEmpty();
    }

    /** Trains. */
    Result run(Dataset<Row> frame) {
        HadoopSettings.use(frame.sparkSession());
        Indicator validation = Indicator.of(frame, params, params.validationIndicatorCol());
        Indicator summary = Indicator.of(frame, params, params.summaryIndicatorCol());
        return validation.raising(() -> summary.raising(() -> {
            Dataset<Row> training = summary.others(validation.others(frame));
            return run(training, validation.rows(frame), summary.rows(validation.others(frame)));
        }));
    }

    /** The rows of a frame that are trained on. */
    Dataset<Row> trained(Dataset<Row> frame) {
        Indicator validation = Indicator.of(frame, params, params.validationIndicatorCol());
        Indicator summary = Indicator.of(frame, params, params.summaryIndicatorCol());
        return summary.others(validation.others(frame));
    }

    private Result run(Dataset<Row> training, Dataset<Row> validation, Dataset<Row> summary) {
        return Jobs.translated(() -> {
            SparkContext context = training.sparkSession().sparkContext();
            WarmStart start = isGiven(params, params.initialModel()) ? WarmStart.read(params.getInitialModel()) : null;
            TableEncoding table = start == null
                    ? new TableColumns(params, job).fit(training)
                    : start.model().table();
            try (FrameRows train = rows("training rows", training, known(start), table);
                    FrameRows test =
                            validation == null ? null : rows("validation rows", validation, known(train), table);
                    FrameRows own = summary == null
                            ? null
                            : rows(
                                    "summary rows",
                                    summary,
                                    weighted().withClasses(train.stored().classes(), train.classValues()),
                                    table)) {
                Configuration fitted = decided(train, own, context);
                TrainingPlan plan = Plans.of(
                        fitted,
                        train,
                        test,
                        own,
                        shards -> start == null ? standardisation(train, shards) : start.standardisation());
                TrainingPlan begun =
                        start == null ? plan : start.on(plan, line -> LOG.info("{}: {}", params.uid(), line));
                return new FitRun(params, fitted, begun).run(context);
            }
        });
    }

    /** A boolean column whose true rows are not trained on; null stands for none. */
    private record Indicator(String name, Column column) {
        static Indicator of(Dataset<Row> frame, NeuralNetworkParams<?> params, Param<String> param) {
            if (!isGiven(params, param)) {
                return new Indicator(null, null);
            }
            String name = params.getOrDefault(param);
            var type = FeatureColumn.find(frame.schema(), name).dataType();
            if (!type.equals(DataTypes.BooleanType)) {
                throw new IllegalArgumentException(
                        "column '" + name + "': found " + type.catalogString() + ", expected boolean");
            }
            return new Indicator(name, FrameField.column(frame.schema(), name));
        }

        /** Rows that are true; null if there is no column. */
        Dataset<Row> rows(Dataset<Row> frame) {
            return name == null ? null : frame.filter(column);
        }

        /** Rows that are false; a null fails when rows are read. */
        Dataset<Row> others(Dataset<Row> frame) {
            Column missing = raise_error(lit(text())).cast("boolean");
            return name == null ? frame : frame.filter(not(coalesce(column, missing)));
        }

        private String text() {
            return "etastar: no indicator " + name;
        }

        <T> T raising(Supplier<T> doing) {
            return Jobs.raising(
                    text(), () -> "column '" + name + "': found null, expected true or false in every row", doing);
        }
    }

    /** The job with what is automatic decided: as an unfinished run has it, or by rows and cluster. */
    private Configuration decided(Rows rows, Rows own, SparkContext context) {
        Configuration known =
                isGiven(params, params.checkpointDir()) ? RunDirectory.decided(params.getCheckpointDir(), job) : job;
        return Plans.decided(
                Plans.fitted(known, rows),
                rows,
                own,
                () -> ClusterShape.of(JavaSparkContext.fromSparkContext(context)));
    }

    /** Columns of further rows, whose classes are those of the training rows. */
    private FrameColumns known(FrameRows train) {
        return columns.withClasses(train.stored().classes(), train.classValues());
    }

    private FrameRows rows(String what, Dataset<Row> frame, FrameColumns read, TableEncoding table) {
        return FrameRows.of(what, frame, read, table, job.dtype() == DType.DOUBLE);
    }

    private Standardisation standardisation(FrameRows rows, int shards) {
        return job.data().rows().standardise() ? rows.measure(shards) : null;
    }

    /** Columns of training rows; their classes are those of an earlier model, if there is one. */
    private FrameColumns known(WarmStart start) {
        return start == null
                ? weighted()
                : weighted().withClasses(start.model().classes(), start.model().classValues());
    }

    /** Columns of training rows: with weights, their own and those of their classes. */
    private FrameColumns weighted() {
        List<Double> weights = job.data().classes().classWeights();
        if (!weights.isEmpty() && !job.isOpen() && weights.size() != shape.classes()) {
            throw job.mistake("data.class_weights", shape.classes() + " numbers, one for each class");
        }
        FrameColumns weighted = columns.withClassWeights(weights);
        return isGiven(params, params.weightCol()) ? weighted.withWeight(params.getWeightCol()) : weighted;
    }
}

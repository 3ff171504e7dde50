package io.etastar.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameField;
import io.etastar.frame.FrameRows;
import io.etastar.frame.FrameTable;
import io.etastar.graph.ModelDescription;
import io.etastar.inference.BatchedEvaluation;
import io.etastar.inference.ColumnInteractions;
import io.etastar.inference.NetworkCall;
import io.etastar.inference.NetworkCall.Output;
import io.etastar.inference.NetworkOutput;
import io.etastar.inference.OutputFits;
import io.etastar.inference.TrainedNetwork;
import io.etastar.quantity.Point;
import io.etastar.spark.rows.Carried;
import io.etastar.storage.StoredModel;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.TableEncoder;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.training.ModelShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Applies a trained model: row by row, or over a frame. */
final class Scorer implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StoredModel stored;
    private final TrainedNetwork network;
    private final ModelShape shape;
    private final int inputs;
    private transient Broadcast<Carried<TrainedNetwork>> sent;
    private transient SparkContext sentBy;
    private transient BackendChoice sentFor;
    private transient Boolean mixesRows;

    Scorer(StoredModel stored) {
        this.stored = stored;
        ModelDescription model = ModelDescription.of(stored);
        shape = ModelShape.of(model);
        int[] input = shape.input().stream().mapToInt(Integer::intValue).toArray();
        inputs = shape.inputs();
        Standardisation standardisation =
                stored.mean() == null ? null : new Standardisation(stored.mean(), stored.deviation());
        network = new TrainedNetwork(model, Point.at(stored.theta()), input, shape.targets(), standardisation);
    }

    StoredModel stored() {
        return stored;
    }

    ModelShape shape() {
        return shape;
    }

    /** Elements of a row's features: of a table, numbers of its columns, an element of a vector being one. */
    int inputs() {
        TableEncoding table = stored.table();
        return table == null
                ? inputs
                : table.columns().stream().mapToInt(Scorer::elements).sum();
    }

    private static int elements(ColumnEncoding column) {
        return column.kind() == ColumnEncoding.Kind.VECTOR ? column.scales().size() : 1;
    }

    /** Checks that a frame has the features. */
    void check(StructType schema, String features) {
        if (stored.table() == null) {
            FeatureColumn.check(schema, features, inputs);
            return;
        }
        Jobs.translated(() -> {
            FrameTable.check(schema, stored.table());
            return null;
        });
    }

    /**
     * What each column of the table is worth, the most important one first: column, loss (increase of the mean loss), accuracy (its
     * decrease). One Spark job over the rows.
     *
     * @param label column of labels
     * @param seed of the shuffles
     */
    Dataset<Row> importance(Dataset<Row> frame, String label, long seed) {
        List<Row> rows = new ArrayList<>();
        withRows(
                frame,
                label,
                "importance",
                shards -> OutputFits.importance(shards, network, stored.classes(), stored.table(), seed).stream()
                        .sorted(Comparator.comparingDouble(OutputFits.Importance::loss)
                                .reversed())
                        .forEach(each -> rows.add(RowFactory.create(each.column(), each.loss(), each.accuracy()))));
        StructType schema = new StructType()
                .add("column", DataTypes.StringType)
                .add("loss", DataTypes.DoubleType)
                .add("accuracy", DataTypes.DoubleType);
        return frame.sparkSession().createDataFrame(rows, schema);
    }

    /** How two columns of the table depend on each other, the strongest interaction first: first, second, value. Two Spark jobs. */
    Dataset<Row> interactions(Dataset<Row> frame, String label) {
        List<Row> rows = new ArrayList<>();
        withRows(
                frame,
                label,
                "interactions",
                shards -> ColumnInteractions.of(shards, network, stored.table())
                        .pairs()
                        .forEach(pair -> rows.add(RowFactory.create(pair.first(), pair.second(), pair.value()))));
        StructType schema = new StructType()
                .add("first", DataTypes.StringType)
                .add("second", DataTypes.StringType)
                .add("value", DataTypes.DoubleType);
        return frame.sparkSession().createDataFrame(rows, schema);
    }

    /** Calls {@code body} with the encoded rows of a frame. */
    private void withRows(Dataset<Row> frame, String label, String what, Consumer<JavaRDD<Shard>> body) {
        TableEncoding table = stored.table();
        if (table == null) {
            throw new IllegalStateException(
                    what + ": found a model of one column of features, expected one of a table's columns");
        }
        boolean doubles = stored.theta().type() == DType.DOUBLE;
        Jobs.translated(() -> {
            FrameColumns columns = new FrameColumns(List.of(), label, null, stored.classes(), null)
                    .withClasses(stored.classes(), stored.classValues());
            JavaSparkContext context =
                    JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext());
            try (FrameRows read = FrameRows.of("rows", frame, columns, table, doubles)) {
                int parts = Math.min(context.defaultParallelism(), read.count());
                body.accept(read.lay(context, parts));
            }
            return null;
        });
    }

    /** Bytes of the parameters and of the description. */
    long bytes() {
        return (long) stored.theta().length() * stored.theta().type().bytes()
                + stored.description().length();
    }

    /** Outputs for one row; on the calling thread, on the driver or in a task. */
    double[] outputs(Vector features) {
        if (features.size() != inputs()) {
            throw new IllegalArgumentException(
                    "features: found a vector of " + features.size() + " elements, expected " + inputs());
        }
        if (stored.table() != null) {
            return network.outputs(RawArray.of(encoded(features)));
        }
        double[] row = features.toArray().clone();
        for (double value : row) {
            if (!(Math.abs(value) <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("features: found " + value + ", expected finite numbers");
            }
        }
        return network.outputs(RawArray.of(row));
    }

    /** A row of a table of numbers and vectors. */
    private double[] encoded(Vector features) {
        TableEncoding table = stored.table();
        Object[] raw = new Object[table.columns().size()];
        int at = 0;
        for (int i = 0; i < raw.length; i++) {
            ColumnEncoding column = table.columns().get(i);
            if (column.kind() == ColumnEncoding.Kind.CATEGORY) {
                throw new IllegalArgumentException("features: found a vector, expected transform of a frame: column '"
                        + column.name() + "' holds categories");
            }
            double[] values = new double[elements(column)];
            for (int j = 0; j < values.length; j++) {
                values[j] = features.apply(at++);
            }
            raw[i] = column.kind() == ColumnEncoding.Kind.VECTOR ? values : (Object) values[0];
        }
        double[] encoded = new double[table.width()];
        String problem = new TableEncoder(table).encode(raw, encoded);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return encoded;
    }

    /**
     * The frame with further columns, each an expression of the features: computed when and if somebody reads it.
     *
     * @param name of the model, for plans
     * @param features name of the column to read
     * @param outputs columns by name; those without a name are left out
     * @param schema of the result, with the metadata of the new columns
     * @param thresholds of the classes, or null
     * @param labels name of a column of predicted labels; empty for none
     * @param backend that computes
     */
    Dataset<Row> transform(
            Dataset<Row> rows,
            String name,
            String features,
            Map<Output, String> outputs,
            StructType schema,
            double[] thresholds,
            String labels,
            BackendChoice backend) {
        SparkSession session = (SparkSession) rows.sparkSession();
        BatchedEvaluation.install(session);
        TableEncoding table = stored.table();
        boolean doubles = stored.theta().type() == DType.DOUBLE;
        boolean skips = table != null && table.invalid() == TableEncoding.Invalid.SKIP;
        Dataset<Row> frame =
                skips ? rows.filter(FrameTable.encoded(rows, table, doubles).isNotNull()) : rows;
        Column column = table == null ? features(frame, features) : FrameTable.encoded(frame, table, doubles);
        int width = stored.classes() > 0 ? stored.classes() : shape.outputs();
        NetworkCall call = new NetworkCall(
                broadcast(session.sparkContext(), backend),
                name,
                features,
                stored.classes(),
                width,
                thresholds,
                mixesRows());
        List<Column> columns = new ArrayList<>(List.of(frame.col("*")));
        outputs.forEach((output, as) -> {
            if (!as.isEmpty()) {
                NetworkOutput made = new NetworkOutput(call, output, ExpressionUtils.expression(column));
                columns.add(
                        ExpressionUtils.column(made).as(as, field(schema, as).metadata()));
            }
        });
        if (!labels.isEmpty()) {
            NetworkOutput made = new NetworkOutput(call, Output.PREDICTION, ExpressionUtils.expression(column));
            columns.add(label(ExpressionUtils.column(made)).as(labels));
        }
        return frame.select(columns.toArray(new Column[0]));
    }

    /** The label of a predicted class. */
    private Column label(Column prediction) {
        List<String> names = stored.classValues().names();
        Column index = prediction.cast("int");
        return switch (stored.classValues().kind()) {
            case INDEX -> prediction;
            case BOOLEAN -> prediction.equalTo(1.0);
            // No index is outside: coalesce says that the column holds no nulls.
            case TEXT -> coalesce(get(lit(names.toArray(new String[0])), index), lit(""));
            case NUMBER ->
                coalesce(get(lit(names.stream().mapToDouble(Double::parseDouble).toArray()), index), lit(0.0));
        };
    }

    private static StructField field(StructType schema, String name) {
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The column itself, whatever others the frame has; numbers in arrays as floats, or as doubles if a table may need that. */
    private Column features(Dataset<Row> frame, String name) {
        List<String> path = FrameField.path(frame.schema(), name);
        Attribute found =
                CollectionConverters.asJava(((org.apache.spark.sql.classic.Dataset<Row>) frame)
                                .logicalPlan()
                                .output())
                        .stream()
                        .filter(attribute -> attribute.name().equals(path.get(0)))
                        .findFirst()
                        .orElseThrow();
        Column column = FrameField.within(ExpressionUtils.column(found), path);
        if (!(FrameField.find(frame.schema(), name).dataType() instanceof ArrayType array)) {
            return column;
        }
        DataType type = array.elementType();
        boolean narrow = type.equals(DataTypes.FloatType)
                || type.equals(DataTypes.ShortType)
                || type.equals(DataTypes.ByteType)
                || network.input().length != 1;
        return column.cast(DataTypes.createArrayType(narrow ? DataTypes.FloatType : DataTypes.DoubleType));
    }

    private synchronized boolean mixesRows() {
        if (mixesRows == null) {
            mixesRows = network.mixesRows();
        }
        return mixesRows;
    }

    /** Freed by Spark when neither this model nor a frame that it made is in use. */
    private synchronized Broadcast<Carried<TrainedNetwork>> broadcast(SparkContext context, BackendChoice backend) {
        if (sent == null || sentBy != context || !backend.equals(sentFor)) {
            sent = JavaSparkContext.fromSparkContext(context).broadcast(Carried.of(network.on(backend)));
            sentBy = context;
            sentFor = backend;
        }
        return sent;
    }
}

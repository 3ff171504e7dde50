package io.etastar.inference;

import io.etastar.inference.NetworkCall.Output;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.tensor.RawArray;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;

/** Appends outputs of a network to rows, some hundred rows at once. */
public final class EvaluateNetworkExec extends SparkPlan {
    private static final long serialVersionUID = 1L;
    private static final String ROWS = "numOutputRows";

    private final NetworkCall call;
    private final Attribute features;
    private final Seq<Output> outputs;
    private final Seq<Attribute> results;
    private final Seq<Attribute> kept;
    private final SparkPlan child;
    private transient Map<String, SQLMetric> metrics;

    /** An operator, as {@link EvaluateNetwork}; public for Catalyst, which copies nodes by their constructor. */
    public EvaluateNetworkExec(
            NetworkCall call,
            Attribute features,
            Seq<Output> outputs,
            Seq<Attribute> results,
            Seq<Attribute> kept,
            SparkPlan child) {
        this.call = call;
        this.features = features;
        this.outputs = outputs;
        this.results = results;
        this.kept = kept;
        this.child = child;
    }

    @Override
    public synchronized Map<String, SQLMetric> metrics() {
        if (metrics == null) {
            SQLMetric rows = SQLMetrics.createMetric(sparkContext(), "number of output rows");
            metrics = Map$.MODULE$.<String, SQLMetric>empty().updated(ROWS, rows);
        }
        return metrics;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        call.checkDevices(JavaSparkContext.fromSparkContext(sparkContext()), Evaluated.BATCH);
        int ordinal = (int) child.output().indexWhere(column -> column.exprId().equals(features.exprId()), 0);
        List<Output> wanted = List.copyOf(Scala.list(outputs));
        Task task =
                new Task(call, wanted, ordinal, features.dataType(), results, kept, child.output(), longMetric(ROWS));
        return child.execute().toJavaRDD().mapPartitions(task, true).rdd();
    }

    @Override
    public Seq<Attribute> output() {
        return EvaluateNetwork.output(kept, results);
    }

    @Override
    public AttributeSet producedAttributes() {
        return Scala.attributes(results);
    }

    @Override
    public Partitioning outputPartitioning() {
        Partitioning partitioning = child.outputPartitioning();
        boolean passed =
                !(partitioning instanceof Expression keys) || keys.references().subsetOf(Scala.attributes(kept));
        return passed ? partitioning : new UnknownPartitioning(partitioning.numPartitions());
    }

    /** The child's as far as its columns are passed on. */
    @Override
    public Seq<SortOrder> outputOrdering() {
        AttributeSet passed = Scala.attributes(kept);
        return Scala.seq(Scala.list(child.outputOrdering()).stream()
                .takeWhile(order -> order.references().subsetOf(passed))
                .toList());
    }

    @Override
    public Seq<SparkPlan> children() {
        return Scala.seq(List.of(child));
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new EvaluateNetworkExec(call, features, outputs, results, kept, children.apply(0));
    }

    private List<Object> fields() {
        return List.of(call, features, outputs, results, kept, child);
    }

    @Override
    public int productArity() {
        return fields().size();
    }

    @Override
    public Object productElement(int n) {
        return fields().get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof EvaluateNetworkExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvaluateNetworkExec that && fields().equals(that.fields());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(fields());
    }

    /** What a task does with the rows of a partition. */
    private record Task(
            NetworkCall call,
            List<Output> outputs,
            int ordinal,
            DataType type,
            Seq<Attribute> results,
            Seq<Attribute> kept,
            Seq<Attribute> input,
            SQLMetric evaluated)
            implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
        @Override
        public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
            return new Evaluated(this, rows);
        }
    }

    /** Holds an engine from the first row on, until the rows or the task end. */
    private static final class Evaluated implements Iterator<InternalRow> {
        private static final int BATCH = 512;

        private final Task task;
        private final Iterator<InternalRow> rows;
        private final TrainedNetwork network;
        private final FeatureReader reader;
        private final UnsafeProjection keep;
        private final UnsafeProjection join;
        private final JoinedRow joined = new JoinedRow();
        private final InternalRow[] kept = new InternalRow[BATCH];
        private RawArray values;
        private int count;
        private int at;
        private ModelOutputs engine;

        Evaluated(Task task, Iterator<InternalRow> rows) {
            this.task = task;
            this.rows = rows;
            network = task.call().network().value().value();
            reader = new FeatureReader(task.call().column(), task.type(), network.input());
            keep = UnsafeProjection.create(expressions(task.kept()), task.input());
            Seq<Attribute> all = EvaluateNetwork.output(task.kept(), task.results());
            join = UnsafeProjection.create(expressions(all), all);
            TaskContext context = TaskContext.get();
            if (context != null) {
                context.addTaskCompletionListener((TaskCompletionListener) ended -> close());
            }
        }

        @SuppressWarnings("unchecked")
        private static Seq<Expression> expressions(Seq<? extends Expression> attributes) {
            return (Seq<Expression>) attributes;
        }

        @Override
        public boolean hasNext() {
            if (at == count && rows.hasNext()) {
                evaluate();
            }
            if (at == count) {
                close();
            }
            return at < count;
        }

        /** The row; its memory is that of the next row, too. */
        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int width = values.length() / count;
            double[] row = new double[width];
            for (int i = 0; i < width; i++) {
                row[i] = values.get(at * width + i);
            }
            Object[] results = new Object[task.outputs().size()];
            for (int i = 0; i < results.length; i++) {
                results[i] = task.call().value(task.outputs().get(i), row);
            }
            return join.apply(joined.apply(kept[at++], new GenericInternalRow(results)));
        }

        private void evaluate() {
            int length = reader.length();
            RawArray batch = RawArray.zeros(reader.precision(), BATCH * length);
            count = 0;
            at = 0;
            int read = 0;
            while (read < BATCH && rows.hasNext()) {
                InternalRow row = rows.next();
                Object features = row.isNullAt(task.ordinal()) ? null : row.get(task.ordinal(), task.type());
                reader.read(features, batch, read * length);
                kept[read++] = keep.apply(row).copy();
            }
            RawArray used = read == BATCH ? batch : batch.first(read * length);
            values = network.outputs(engine(), used, read);
            count = read;
            task.evaluated().add(read);
        }

        private synchronized ModelOutputs engine() {
            if (engine == null) {
                engine = network.open(BATCH);
            }
            return engine;
        }

        private synchronized void close() {
            if (engine != null) {
                engine.close();
                engine = null;
            }
        }
    }
}

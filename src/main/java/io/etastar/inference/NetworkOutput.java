package io.etastar.inference;

import io.etastar.inference.NetworkCall.Output;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Enumeration;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * An output of a network as an expression of its features. It has no effect besides its value, so Catalyst drops it if nobody reads it
 * and moves filters below it. Before a query runs, {@link BatchedEvaluation} has taken it out of the plan; in the plan of a session
 * without that rule it evaluates row by row.
 */
public final class NetworkOutput extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1L;

    private final NetworkCall call;
    private final Output output;
    private final Expression features;
    private final Expression onTasks;

    /** An output for features: vectors, arrays of floats, bytes or images. */
    public NetworkOutput(NetworkCall call, Output output, Expression features) {
        this(call, output, features, new OnTasks());
    }

    /** For Catalyst, which copies nodes by their constructor. */
    public NetworkOutput(NetworkCall call, Output output, Expression features, Expression onTasks) {
        this.call = call;
        this.output = output;
        this.features = features;
        this.onTasks = onTasks;
    }

    NetworkCall call() {
        return call;
    }

    Output output() {
        return output;
    }

    Expression features() {
        return features;
    }

    @Override
    public DataType dataType() {
        return call.type(output);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    /** If rows depend on each other, a filter must not change which of them come together. */
    @Override
    public boolean deterministic() {
        return !call.mixesRows() && features.deterministic();
    }

    @Override
    public Object eval(InternalRow input) {
        TrainedNetwork network = call.network().value().value();
        FeatureReader reader = new FeatureReader(call.column(), features.dataType(), network.input());
        RawArray row = RawArray.zeros(reader.precision(), reader.length());
        reader.read(features.eval(input), row, 0);
        return call.value(output, network.outputs(row));
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    /** That of UDFs: Catalyst does not take it for cheap. */
    @Override
    public Seq<Enumeration.Value> nodePatterns() {
        return Scala.seq(List.of(TreePattern.SCALA_UDF()));
    }

    @Override
    public Seq<Expression> children() {
        return Scala.seq(List.of(features, onTasks));
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new NetworkOutput(call, output, children.apply(0), children.apply(1));
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return List.of(call, output, features, onTasks).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NetworkOutput;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkOutput that
                && call.equals(that.call)
                && output == that.output
                && features.equals(that.features);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * call.hashCode() + output.hashCode()) + features.hashCode();
    }

    @Override
    public String prettyName() {
        return output.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return prettyName() + "(" + call + ", " + features + ")";
    }

    @Override
    public String sql() {
        return prettyName() + "(" + features.sql() + ")";
    }

    /**
     * A child that nobody evaluates. Catalyst evaluates projections of local relations on the driver while it optimizes, row by row,
     * but those whose expressions cannot be evaluated.
     */
    public static final class OnTasks extends Expression implements Unevaluable, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public DataType dataType() {
            return DataTypes.NullType;
        }

        @Override
        public boolean nullable() {
            return true;
        }

        @Override
        public boolean foldable() {
            return false;
        }

        @Override
        public Object eval(InternalRow input) {
            throw new IllegalStateException("a marker has no value");
        }

        @Override
        public ExprCode doGenCode(CodegenContext context, ExprCode code) {
            throw new IllegalStateException("a marker has no value");
        }

        @Override
        public Seq<Expression> children() {
            return Scala.seq(List.of());
        }

        @Override
        public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
            return this;
        }

        @Override
        public int productArity() {
            return 0;
        }

        @Override
        public Object productElement(int n) {
            throw new IndexOutOfBoundsException(n);
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof OnTasks;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OnTasks;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public String toString() {
            return "on tasks";
        }
    }
}

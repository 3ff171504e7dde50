package io.etastar.inference;

import io.etastar.inference.NetworkCall.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Rows with outputs of a network appended, in a logical plan. {@link BatchedEvaluation} puts it below whatever reads
 * {@link NetworkOutput}s.
 */
public final class EvaluateNetwork extends LogicalPlan {
    private static final long serialVersionUID = 1L;

    private final NetworkCall call;
    private final Attribute features;
    private final Seq<Output> outputs;
    private final Seq<Attribute> results;
    private final Seq<Attribute> kept;
    private final LogicalPlan child;

    /**
     * A node; public for Catalyst, which copies nodes by their constructor.
     *
     * @param features column of the child
     * @param outputs what is computed
     * @param results columns of {@code outputs}, appended
     * @param kept columns of the child that are passed on
     */
    public EvaluateNetwork(
            NetworkCall call,
            Attribute features,
            Seq<Output> outputs,
            Seq<Attribute> results,
            Seq<Attribute> kept,
            LogicalPlan child) {
        this.call = call;
        this.features = features;
        this.outputs = outputs;
        this.results = results;
        this.kept = kept;
        this.child = child;
    }

    /** Columns that are passed on, then those that are computed. */
    static Seq<Attribute> output(Seq<Attribute> kept, Seq<Attribute> results) {
        List<Attribute> all = new ArrayList<>(Scala.list(kept));
        all.addAll(Scala.list(results));
        return Scala.seq(all);
    }

    /** The operator, given that of the child. */
    EvaluateNetworkExec planned(SparkPlan of) {
        return new EvaluateNetworkExec(call, features, outputs, results, kept, of);
    }

    LogicalPlan child() {
        return child;
    }

    @Override
    public Seq<Attribute> output() {
        return output(kept, results);
    }

    @Override
    public AttributeSet producedAttributes() {
        return Scala.attributes(results);
    }

    @Override
    public Option<Object> maxRows() {
        return child.maxRows();
    }

    @Override
    public Seq<LogicalPlan> children() {
        return Scala.seq(List.of(child));
    }

    @Override
    public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
        return new EvaluateNetwork(call, features, outputs, results, kept, children.apply(0));
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
        return other instanceof EvaluateNetwork;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvaluateNetwork that && fields().equals(that.fields());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(fields());
    }
}

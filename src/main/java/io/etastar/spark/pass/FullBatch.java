package io.etastar.spark.pass;

import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Sum;
import io.etastar.quantity.TaylorTerms;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.rows.ShardedData;

/** The objective whose every batch is all rows, whatever its number: for evaluation and for summaries outside training. */
public final class FullBatch implements Objective {
    private final DistributedPass passes;
    private final ShardedData data;
    private final ParameterLayout layout;

    /**
     * @param passes runs the jobs
     * @param data the rows; closed by the caller
     * @param layout of theta
     */
    public FullBatch(DistributedPass passes, ShardedData data, ParameterLayout layout) {
        this.passes = passes;
        this.data = data;
        this.layout = layout;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    /**
     * Loss and hits over all rows; {@link LossSum#ZERO} if there are none.
     *
     * @param theta parameters [P]; kept by the caller
     */
    public LossSum loss(double[] theta) {
        LossSum sum = run("evaluation", theta, null, null, Engine::loss);
        return sum == null ? LossSum.ZERO : sum;
    }

    /** Loss and gradient over all rows; null if there are none. */
    @Override
    public GradientSum gradient(double[] theta, long step) {
        return run("gradient", theta, null, null, Engine::gradient);
    }

    /** Derivative summary over all rows; null if there are none. */
    @Override
    public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        String what = "summary: S = " + partition.size();
        return run(what, theta, direction, partition, Engine::summary);
    }

    /**
     * All derivatives of order {@code order} in the subsets' rates over all rows; null if there are none.
     *
     * @param theta parameters [P]; kept by the caller
     * @param direction u [P]; kept by the caller
     */
    public DerivativeTensor derivatives(double[] theta, double[] direction, Partition partition, int order) {
        String what = "derivatives of order " + order + ": S = " + partition.size();
        EngineCall<DerivativeTensor> call = (engine, shard, rows) -> engine.derivatives(shard, rows, order);
        return run(what, theta, direction, partition, call);
    }

    /**
     * Derivatives of t -> L(theta + t u) at 0 up to order {@code order} over all rows; null if there are none.
     *
     * @param theta parameters [P]; kept by the caller
     * @param direction u [P]; kept by the caller
     */
    public TaylorTerms terms(double[] theta, double[] direction, int order) {
        Partition whole = Partitions.parse("trivial", layout);
        EngineCall<TaylorTerms> call = (engine, shard, rows) -> engine.terms(shard, rows, order);
        return run("Taylor terms to order " + order, theta, direction, whole, call);
    }

    /** Product of the full Hessian of the loss over all rows with {@code vector}; null if there are none. */
    @Override
    public HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        return run("Hessian-vector product", theta, vector, null, Engine::hessianVector);
    }

    /** Kronecker factors over all rows, with the labels of seed 0 if they are drawn; null if there are no rows. */
    @Override
    public KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        EngineCall<KroneckerFactors> call = (engine, shard, rows) -> engine.kroneckerFactors(shard, rows, sampled);
        return run("Kronecker factors", theta, null, null, call);
    }

    private <T extends Sum<T>> T run(
            String what, double[] theta, double[] direction, Partition partition, EngineCall<T> call) {
        String description = what + " on " + data.rows() + " rows";
        return passes.run(description, data, DistributedPass.allRows(data), theta, direction, partition, call);
    }
}

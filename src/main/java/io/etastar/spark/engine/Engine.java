package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.TaylorTerms;
import io.etastar.tensor.RawArray;

/**
 * What a task computes with; {@link io.etastar.taylor.Program} in production. Used by one thread at a time.
 *
 * <p>Results are sums over the rows asked for, each times its weight, in new arrays.
 */
public interface Engine extends AutoCloseable {
    /** Copies theta [P] in. */
    void setParameters(RawArray theta);

    /** Copies a direction [P] in: u of summaries with a partition, v of Hessian-vector products without. */
    void setDirection(RawArray direction);

    /**
     * The seed of what is random in all but {@link #loss} from now on, such as dropout; null if nothing is.
     * The same seed, shard and rows give the same results.
     */
    default void setSeed(Long seed) {}

    /** Loss and hits over {@code rows} of {@code shard}. */
    LossSum loss(Shard shard, int[] rows);

    /** Loss and gradient [P] over {@code rows}. */
    GradientSum gradient(Shard shard, int[] rows);

    /**
     * Losses over {@code rows} at theta - rates[i] u, theta and u as last set, in order; only without a partition. Without
     * dropout.
     */
    default LossSum[] losses(Shard shard, int[] rows, double[] rates) {
        throw new UnsupportedOperationException("losses along a direction");
    }

    /** The model's outputs for {@code rows}, [rows.length, output length] flat, without dropout. */
    default RawArray outputs(Shard shard, int[] rows) {
        throw new UnsupportedOperationException("outputs");
    }

    /** Derivative summary over {@code rows} at the parameters and direction last set; only with a partition. */
    DerivativeSummary summary(Shard shard, int[] rows);

    /** All derivatives of order {@code order} in the rates of the partition's subsets; only with a partition. */
    default DerivativeTensor derivatives(Shard shard, int[] rows, int order) {
        throw new UnsupportedOperationException("derivatives of any order");
    }

    /** Derivatives along the direction last set, up to order {@code order}; only with a partition, whatever its subsets. */
    default TaylorTerms terms(Shard shard, int[] rows, int order) {
        throw new UnsupportedOperationException("Taylor terms");
    }

    /** Loss and H v [P], H the full Hessian, over {@code rows} at the parameters and v last set; only without a partition. */
    HessianVectorSum hessianVector(Shard shard, int[] rows);

    /**
     * Kronecker factors of the Fisher matrix over {@code rows} at the parameters last set; only without a partition.
     *
     * @param sampled whether labels are drawn from the model's own distribution, by the seed last set (0 if there is
     *     none), else those of the data are taken
     */
    default KroneckerFactors kroneckerFactors(Shard shard, int[] rows, boolean sampled) {
        throw new UnsupportedOperationException("Kronecker factors");
    }

    /** Frees what the engine holds. */
    @Override
    void close();
}

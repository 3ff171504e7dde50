package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.TaylorTerms;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;

/** An engine that hands every call on; tests override what they change. */
public class ForwardingEngine implements Engine {
    private final Engine inner;

    public ForwardingEngine(Engine inner) {
        this.inner = inner;
    }

    @Override
    public void setParameters(RawArray theta) {
        inner.setParameters(theta);
    }

    @Override
    public void setDirection(RawArray direction) {
        inner.setDirection(direction);
    }

    @Override
    public void setSeed(Long seed) {
        inner.setSeed(seed);
    }

    @Override
    public LossSum loss(Shard shard, int[] rows) {
        return inner.loss(shard, rows);
    }

    @Override
    public GradientSum gradient(Shard shard, int[] rows) {
        return inner.gradient(shard, rows);
    }

    @Override
    public DerivativeSummary summary(Shard shard, int[] rows) {
        return inner.summary(shard, rows);
    }

    @Override
    public LossSum[] losses(Shard shard, int[] rows, double[] rates) {
        return inner.losses(shard, rows, rates);
    }

    @Override
    public RawArray outputs(Shard shard, int[] rows) {
        return inner.outputs(shard, rows);
    }

    @Override
    public DerivativeTensor derivatives(Shard shard, int[] rows, int order) {
        return inner.derivatives(shard, rows, order);
    }

    @Override
    public TaylorTerms terms(Shard shard, int[] rows, int order) {
        return inner.terms(shard, rows, order);
    }

    @Override
    public HessianVectorSum hessianVector(Shard shard, int[] rows) {
        return inner.hessianVector(shard, rows);
    }

    @Override
    public KroneckerFactors kroneckerFactors(Shard shard, int[] rows, boolean sampled) {
        return inner.kroneckerFactors(shard, rows, sampled);
    }

    @Override
    public void close() {
        inner.close();
    }
}

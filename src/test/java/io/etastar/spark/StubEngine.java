package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;

/** An engine that can do nothing; tests override what they need. */
public class StubEngine implements Engine {
    @Override
    public void setParameters(RawArray theta) {}

    @Override
    public void setDirection(RawArray direction) {}

    @Override
    public LossSum loss(Shard shard, int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public GradientSum gradient(Shard shard, int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DerivativeSummary summary(Shard shard, int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HessianVectorSum hessianVector(Shard shard, int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

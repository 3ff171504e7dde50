package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;

/** An engine that hands every call on; tests override what they change. */
public class ForwardingEngine implements Engine {
    private final Engine inner;

    public ForwardingEngine(Engine inner) {
        this.inner = inner;
    }

    @Override
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
        return inner.evaluate(quantity, shard, rows, point);
    }

    @Override
    public void close() {
        inner.close();
    }
}

package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;

/** An engine that can do nothing; tests override what they need. */
public class StubEngine implements Engine {
    @Override
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
        return quantity.accept(new Quantity.Visitor() {
            @Override
            public <U extends Sum<U>> U other(Quantity<U> unknown) {
                throw new UnsupportedOperationException(unknown.title());
            }

            @Override
            public GradientSum gradient(Quantity.Gradient gradient) {
                return StubEngine.this.gradient(shard, rows);
            }
        });
    }

    /** The gradient, for tests that need no other quantity. */
    protected GradientSum gradient(Shard shard, int[] rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

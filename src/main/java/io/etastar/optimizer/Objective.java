package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import java.util.Map;

/**
 * What an optimizer may ask of the data: each method is one distributed pass.
 *
 * <p>Results are sums over the batch with their weights; divide by {@code samples} for means. Callers keep ownership of the
 * arrays they pass.
 */
public interface Objective {
    /** Layout of theta. */
    ParameterLayout layout();

    /**
     * A quantity over a batch.
     *
     * @param point of the evaluation; without a seed it takes the batch's own
     * @return the sum over the batch; null if it has no rows
     * @throws UnsupportedOperationException if the objective does not know the quantity
     */
    <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point);

    /** Two quantities at one point, each over a batch of its own; in one pass if the objective can. */
    default <A extends Sum<A>, B extends Sum<B>> Sum.Both<A, B> both(
            Quantity<A> first, Batch of, Quantity<B> second, Batch over, Point<double[]> point) {
        return new Sum.Both<>(evaluate(first, of, point), evaluate(second, over, point));
    }

    /**
     * Loss and gradient on the batch of training step {@code step}, counted from 0, at parameters theta [P].
     *
     * @throws NoWeight if all rows of the batch have weight 0
     */
    default GradientSum gradient(double[] theta, long step) {
        return weighted(evaluate(new Quantity.Gradient(), new Batch.Step(step), Point.at(theta)));
    }

    /**
     * A sum with weight.
     *
     * @throws NoWeight if it has none
     */
    static GradientSum weighted(GradientSum sum) {
        if (sum.loss().samples() == 0) {
            throw new NoWeight();
        }
        return sum;
    }

    /** A batch whose rows all have weight 0: nothing can be learned from it, and its step is skipped. */
    final class NoWeight extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Of a batch in a step. */
        public NoWeight() {
            super("all rows of a batch have weight 0", null, false, false);
        }
    }

    /** An objective whose data lie in shards that can make steps by themselves. */
    interface Sharded extends Objective {
        /**
         * Steps that shards make by themselves, averaged: one pass.
         *
         * @param steps what to do
         * @param theta parameters [P]
         * @param state of the base rule
         * @param first number of the summary, which is not looked at if none is asked for, and of the first training step
         */
        PeriodSum localSteps(LocalSteps steps, double[] theta, Map<String, double[]> state, Batch.Summary first);
    }
}

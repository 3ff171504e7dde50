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

    /** Loss and gradient on the batch of training step {@code step}, counted from 0, at parameters theta [P]. */
    default GradientSum gradient(double[] theta, long step) {
        return evaluate(new Quantity.Gradient(), new Batch.Step(step), Point.at(theta));
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

package io.etastar.spark.pass;

import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;

/** The objective next to its data, in a task that has all shards: the same sums as those of {@link SparkObjective}, without jobs. */
final class ShardObjective implements Objective {
    private final ParameterLayout layout;
    private final BatchRows batches;
    private final ThreadTeam team;
    private final ShardContext[] shards;
    private final RawArray theta;
    private final RawArray direction;

    /**
     * @param layout of theta
     * @param batches which rows each batch takes
     * @param type to which parameters and directions are rounded, as if they travelled
     * @param team that this thread leads
     * @param shards all, in order
     */
    ShardObjective(ParameterLayout layout, BatchRows batches, DType type, ThreadTeam team, ShardContext[] shards) {
        this.layout = layout;
        this.batches = batches;
        this.team = team;
        this.shards = shards;
        theta = RawArray.zeros(type, layout.size());
        direction = RawArray.zeros(type, layout.size());
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
        BatchRows.Drawn drawn = batch.accept(batches);
        Point<RawArray> rounded = rounded(drawn.at(point));
        return team.sum(
                on -> {
                    int[] rows = drawn.rows().of(on.index());
                    return rows.length == 0 ? null : on.evaluate(quantity, rows, rounded);
                },
                shards);
    }

    /** In the engine's precision, in the same two arrays each time: engines copy what they are given. */
    private Point<RawArray> rounded(Point<double[]> point) {
        theta.assign(point.theta());
        if (point.direction() != null) {
            direction.assign(point.direction());
        }
        return new Point<>(theta, point.direction() == null ? null : direction, point.seed());
    }
}

package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A network with its parameters, as it travels to executors.
 *
 * @param model recipe of the network
 * @param point parameters [P]; one object for all calls, so that engines copy them once
 * @param input shape of a row's features
 * @param targets elements of a row's targets
 * @param standardisation of features, or null
 * @param backend that computes many rows; single ones are the CPU's
 */
public record TrainedNetwork(
        ModelDescription model,
        Point<RawArray> point,
        int[] input,
        int targets,
        Standardisation standardisation,
        BackendChoice backend)
        implements Serializable {
    /** On the backend that is installed. */
    public TrainedNetwork(
            ModelDescription model, Point<RawArray> point, int[] input, int targets, Standardisation standardisation) {
        this(model, point, input, targets, standardisation, BackendChoice.INSTALLED);
    }

    /** This network on another backend. */
    public TrainedNetwork on(BackendChoice other) {
        return new TrainedNetwork(model, point, input, targets, standardisation, other);
    }

    /**
     * Looks in a small job whether the devices of a backend are there, and have the memory for batches.
     *
     * @param rows of a batch
     * @throws io.etastar.UserError if not; nothing is looked at if the CPU computes
     */
    void checkDevices(JavaSparkContext context, int rows) {
        ModelOutputs.checkDevices(context, model, point, rows, backend);
    }

    /** Borrows an engine for up to {@code rows} rows of a call. */
    ModelOutputs open(int rows) {
        return ModelOutputs.open(model, point, rows, backend);
    }

    /** Outputs for rows as they come from a column [rows, features]; {@code features} are overwritten. */
    RawArray outputs(ModelOutputs engine, RawArray features, int rows) {
        return engine.of(shard(features, rows));
    }

    /**
     * Outputs for one row as it comes from a column [features]; on the calling thread. {@code features} are overwritten. Those in
     * double precision are standardised before they are rounded to the network's.
     */
    public double[] outputs(RawArray features) {
        return ModelOutputs.ofRow(model, point, shard(features, 1)).toDoubles();
    }

    /** Whether the output of a row depends on the rows that are computed with it. */
    public boolean mixesRows() {
        return ModelOutputs.mixRows(model);
    }

    private Shard shard(RawArray features, int rows) {
        Shard shard = new Shard(rows, features, RawArray.of(new float[rows * targets]));
        if (standardisation != null) {
            standardisation.applyInPlace(shard, input);
        }
        return shard.roundedTo(point.theta().type());
    }
}

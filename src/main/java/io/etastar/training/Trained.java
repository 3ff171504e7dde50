package io.etastar.training;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.spark.rows.ShardedData;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import org.apache.spark.api.java.JavaRDD;

/**
 * A trained model and the test rows, which are still laid out.
 *
 * @param model as it is stored
 * @param test rows, their features as the network takes them
 * @param targets standardisation that the test rows' targets have had, or null
 * @param affordable evaluations of a row that take little time beside the training
 */
public record Trained(StoredModel model, ShardedData test, Standardisation targets, long affordable) {
    /**
     * Test rows, spread over all of them, with their targets as the model gives them.
     *
     * @param most how many
     * @param seed of the choice
     */
    public JavaRDD<Shard> rows(int most, long seed) {
        JavaRDD<Shard> rows = test.spread(most, seed);
        Standardisation taken = targets;
        return taken == null ? rows : rows.map(shard -> unscaled(shard, taken));
    }

    private static Shard unscaled(Shard shard, Standardisation targets) {
        double[] values = shard.targets().toDoubles().clone();
        int channels = targets.mean().length;
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * targets.deviation()[i % channels] + targets.mean()[i % channels];
        }
        return new Shard(shard.rows(), shard.features(), RawArray.of(values), shard.weights());
    }
}

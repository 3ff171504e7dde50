package io.etastar.spark;

import io.etastar.data.DataSource;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSettings;
import io.etastar.tensor.DType;
import java.util.List;

/**
 * Everything a training run needs, checked.
 *
 * @param model recipe of the model
 * @param train training data
 * @param test test data, or null
 * @param standardisation applied to features of both, or null
 * @param groups names of the tensors of each subset of the partition
 * @param optimizer what updates the parameters
 * @param type precision of the engine
 * @param partitions number of shards of the training data; results depend on it
 * @param batch samples of a training batch
 * @param hgBatch samples of a summary batch
 * @param epochs passes over the training data
 * @param microBatch rows the engine processes at once, 0 for automatic
 * @param seed of initialisation and sampling
 * @param checkpointEverySteps steps between two checkpoints (one more at each end of an epoch); 0 for epochs alone
 * @param keepCheckpoints how many of the newest are kept
 */
public record TrainingPlan(
        ModelDescription model,
        DataSource train,
        DataSource test,
        Standardisation standardisation,
        List<List<String>> groups,
        OptimizerSettings optimizer,
        DType type,
        int partitions,
        int batch,
        int hgBatch,
        int epochs,
        int microBatch,
        long seed,
        int checkpointEverySteps,
        int keepCheckpoints) {}

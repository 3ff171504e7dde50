package io.etastar.config;

/**
 * How long and in which pieces.
 *
 * @param epochs passes over the training set
 * @param batch samples of a step, 0 for all
 * @param hgBatch samples of a summary, 0 for all
 * @param hgData drawn, batch or apart: rows of a summary
 * @param hgShare share of the training rows kept for summaries if they are apart
 * @param microBatch samples the engine takes at once, 0 for automatic
 * @param checkpointSteps steps between checkpoints within an epoch, 0 for none
 * @param checkpointSeconds seconds between checkpoints, 0 for none by the clock
 * @param keepCheckpoints newest checkpoints kept
 * @param maxSteps steps after which the run ends, 0 for the end of its epochs
 * @param syncPeriod steps that shards make by themselves between two averages, 0 if every step is one of all
 * @param aggregationDepth levels of the tree in which partial sums are added
 * @param aggregatesOnExecutor whether the last level is on an executor
 */
public record TrainingSettings(
        int epochs,
        int batch,
        int hgBatch,
        String hgData,
        double hgShare,
        int microBatch,
        int checkpointSteps,
        double checkpointSeconds,
        int keepCheckpoints,
        int maxSteps,
        int syncPeriod,
        int aggregationDepth,
        boolean aggregatesOnExecutor) {}

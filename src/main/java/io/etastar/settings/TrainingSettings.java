package io.etastar.settings;

import io.etastar.settings.schema.Key;

/** The block {@code training}: how long, in which pieces, and how executors meet. */
public record TrainingSettings(
        @Key.Flat Length length,
        @Key.Flat Communication communication,
        @Key.Flat Checkpoints checkpoints) {
    /** Epochs, steps and batches; 0 rows are all, -1 automatic. */
    public record Length(
            @Key(
                    value = "10",
                    min = 0,
                    doc = "passes over the training set; 0: no step, the model is that of the initial parameters")
            int epochs,

            @Key(min = 1, doc = "steps after which the run ends, though epochs may not be done")
            int maxSteps,

            @Key(
                    value = "auto",
                    min = 1,
                    or = {"all", "auto"},
                    doc =
                            "samples of a training step; auto: by the number of training rows, all for optimizers that need"
                                    + " every row")
            int batch,

            @Key(value = "0", min = 0, doc = "samples the engine takes at once, 0 for automatic")
            int microBatch) {}

    /** When and how executors meet. */
    public record Communication(
            @Key(
                    value = "auto",
                    oneOf = {"auto", "step", "period"},
                    doc = "when executors meet: step: a Spark job a step; period: one for sync_period steps that each"
                            + " shard makes by itself, with parameters and the base rule's state averaged after them;"
                            + " auto: as step, with the same results, but many steps in a job where all training rows"
                            + " are one shard or all tasks run in one JVM")
            String sync,

            @Key(value = "10", min = 1, doc = "sync period: steps between two averages")
            int syncPeriod,

            @Key(
                    value = "2",
                    min = 1,
                    doc = "levels in which shards' sums are added, as Spark ML's aggregationDepth; 1: all on the"
                            + " driver")
            int aggregationDepth,

            @Key(
                    value = "driver",
                    oneOf = {"driver", "executor"},
                    doc = "where the last level is; executor: the driver receives one sum")
            String finalAggregation) {
        /** Steps that shards make by themselves between two averages, 0 if every step is one of all. */
        public int period() {
            return sync.equals("period") ? syncPeriod : 0;
        }
    }

    /** When checkpoints are written. */
    public record Checkpoints(
            @Key(
                    value = "0",
                    min = 0,
                    doc = "steps between checkpoints within an epoch, 0 for the ends of epochs alone")
            int checkpointSteps,

            @Key(
                    value = "0",
                    min = 0,
                    doc = "seconds between checkpoints, looked at after each step; 0 for none by the clock; results do"
                            + " not depend on it")
            double checkpointSeconds,

            @Key(value = "2", min = 1, doc = "newest checkpoints kept")
            int keepCheckpoints) {}
}

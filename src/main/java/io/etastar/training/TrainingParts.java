package io.etastar.training;

import io.etastar.optimizer.Optimizer;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.report.EpochMetrics;
import io.etastar.spark.engine.EngineFactory;
import java.util.Optional;

/** What the training loop takes from other packages; {@link PlannedParts} in production. */
interface TrainingParts {
    /** Layout of theta. */
    ParameterLayout layout();

    /** Engines of the model. */
    EngineFactory engines();

    /** Seeded initial parameters [P]; a new array. */
    double[] initialParameters();

    /** The optimizer at its first step. */
    Optimizer optimizer(Partition partition);

    /**
     * Stores a state where it survives a crash.
     *
     * @return path of the checkpoint
     */
    String writeCheckpoint(TrainingState state);

    /** The newest checkpoint that is whole, if there is one. */
    Optional<Stored> newestCheckpoint();

    /**
     * Whether the run ends with this epoch, though others were planned.
     *
     * @param theta parameters at its end [P]; not to be changed
     */
    default boolean endsAfter(EpochMetrics metrics, double[] theta) {
        return false;
    }

    /** Writes the model of a run that ended. */
    void writeModel(double[] theta);

    /**
     * A checkpoint found.
     *
     * @param path of the file
     * @param state what it holds
     */
    record Stored(String path, TrainingState state) {}
}

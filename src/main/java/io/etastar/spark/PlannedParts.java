package io.etastar.spark;

import io.etastar.optimizer.Optimizer;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import java.util.Optional;

/** MERGE: the production parts; joins zoo, sampler, optimizers and storage, whose classes are named below. */
final class PlannedParts implements TrainingParts {
    private final TrainingPlan plan;
    private final String runDirectory;
    private final ParameterLayout layout;

    PlannedParts(TrainingPlan plan, String runDirectory) {
        this.plan = plan;
        this.runDirectory = runDirectory;
        this.layout = plan.model().build().layout();
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public EngineFactory engines() {
        return new ProgramFactory(plan.model(), plan.type(), plan.microBatch());
    }

    @Override
    public double[] initialParameters() {
        throw missing("graph.ModelDescription.initialParameters(" + plan.seed() + ")");
    }

    @Override
    public RowSampler sampler(int[] rowsPerPartition, int batch, long stream) {
        throw missing("data.StratifiedSampler");
    }

    @Override
    public Optimizer optimizer(Partition partition) {
        throw missing("optimizer.Optimizers");
    }

    @Override
    public String writeCheckpoint(TrainingState state) {
        throw missing("storage.CheckpointStore in " + runDirectory);
    }

    @Override
    public Optional<Stored> newestCheckpoint() {
        throw missing("storage.CheckpointStore in " + runDirectory);
    }

    @Override
    public void writeModel(double[] theta) {
        throw missing("storage.ModelDirectory in " + runDirectory);
    }

    private static IllegalStateException missing(String what) {
        return new IllegalStateException(what + " is not here yet");
    }
}

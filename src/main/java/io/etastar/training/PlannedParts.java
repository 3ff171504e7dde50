package io.etastar.training;

import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parts that a plan and a run directory name. */
final class PlannedParts implements TrainingParts {
    /** Where {@link EpochProgress} lies among a checkpoint's arrays. */
    private static final String PROGRESS = "run.progress";

    private final TrainingPlan plan;
    private final String runDirectory;
    private final CheckpointStore store;
    private final Model model;

    /** @param runDirectory null if nothing is to be written */
    PlannedParts(TrainingPlan plan, String runDirectory) {
        this.plan = plan;
        this.runDirectory = runDirectory;
        this.store = runDirectory == null
                ? null
                : new CheckpointStore(runDirectory, plan.checkpoints().keep());
        this.model = plan.model().build();
    }

    @Override
    public ParameterLayout layout() {
        return model.layout();
    }

    @Override
    public EngineFactory engines() {
        return new ProgramFactory(
                plan.model().recipe(),
                plan.numerics().type(),
                plan.numerics().microBatch(),
                mostRows(plan.batches().size()),
                mostRows(plan.batches().summarySize()));
    }

    /** Most rows of a batch that one shard gives: its share of the batch, and one for rounding. */
    private int mostRows(int batch) {
        long rows = plan.data().train().count();
        long largestShard = (rows + plan.data().partitions() - 1) / plan.data().partitions();
        return (int) Math.min(largestShard, (batch * largestShard + rows - 1) / rows + 1);
    }

    @Override
    public double[] initialParameters() {
        return plan.model().initialParameters(plan.numerics().seed());
    }

    @Override
    public Optimizer optimizer(Partition partition) {
        return Optimizers.create(plan.method().optimizer(), partition);
    }

    @Override
    public String writeCheckpoint(TrainingState state) {
        if (store == null) {
            return "none";
        }
        Map<String, double[]> arrays = new HashMap<>(state.optimizer());
        arrays.put(PROGRESS, state.progress());
        return store.write(new Checkpoint(state.step(), state.theta(), arrays, Map.of(), Map.of()));
    }

    @Override
    public Optional<Stored> newestCheckpoint() {
        if (store == null) {
            return Optional.empty();
        }
        CheckpointStore.Newest newest = store.resume();
        if (newest.checkpoint() == null) {
            return Optional.empty();
        }
        Checkpoint checkpoint = newest.checkpoint();
        Map<String, double[]> arrays = new HashMap<>(checkpoint.optimizerState());
        double[] progress = arrays.remove(PROGRESS);
        return Optional.of(
                new Stored(newest.path(), new TrainingState(checkpoint.step(), checkpoint.theta(), arrays, progress)));
    }

    @Override
    public void writeModel(double[] theta) {
        if (runDirectory != null) {
            ModelDirectory.write(runDirectory, stored(theta));
        }
    }

    /** The model with these parameters [P], rounded to the plan's type. */
    StoredModel stored(double[] theta) {
        Standardisation standardisation = plan.data().standardisation();
        return new StoredModel(
                plan.model().json(),
                model.layout(),
                RawArray.copyOf(plan.numerics().type(), theta),
                standardisation == null ? null : standardisation.mean(),
                standardisation == null ? null : standardisation.deviation(),
                model.classes());
    }
}

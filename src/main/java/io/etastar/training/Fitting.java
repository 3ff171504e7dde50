package io.etastar.training;

import io.etastar.optimizer.Optimizer;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.storage.StoredModel;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** A training run that gives its model to the caller, and writes files only if it is asked to. */
public final class Fitting {
    private Fitting() {}

    /**
     * How it ended.
     *
     * @param result losses of the last epoch, steps, seconds
     * @param model the parameters kept
     */
    public record Fitted(TrainingResult result, StoredModel model) {}

    /**
     * Trains.
     *
     * @param context of the jobs; left open
     * @param plan what to do
     * @param listener hears what happens, on the caller's thread; what it throws ends the run
     * @param watch picks the parameters and may end the run early
     * @param runDirectory where checkpoints and model are written; null for nowhere
     * @param resume whether to go on from the directory's newest whole checkpoint, if there is one
     * @throws io.etastar.UserError before any job, where the plan cannot be done
     * @throws TrainingDiverged if a loss, gradient or parameter is not finite
     */
    public static Fitted run(
            JavaSparkContext context,
            TrainingPlan plan,
            RunListener listener,
            EpochWatch watch,
            String runDirectory,
            boolean resume) {
        Parts parts = new Parts(new PlannedParts(plan, runDirectory), watch);
        TrainingResult result = new Trainer(
                        context,
                        plan,
                        listener,
                        resume,
                        parts,
                        plan.method().communication().aggregation())
                .run();
        return new Fitted(result, parts.planned.stored(parts.kept));
    }

    /** The plan's parts, with the parameters that the watch keeps. */
    private static final class Parts implements TrainingParts {
        private final PlannedParts planned;
        private final EpochWatch watch;
        private double[] kept;

        Parts(PlannedParts planned, EpochWatch watch) {
            this.planned = planned;
            this.watch = watch;
        }

        @Override
        public ParameterLayout layout() {
            return planned.layout();
        }

        @Override
        public EngineFactory engines() {
            return planned.engines();
        }

        @Override
        public double[] initialParameters() {
            return planned.initialParameters();
        }

        @Override
        public Optimizer optimizer(Partition partition) {
            return planned.optimizer(partition);
        }

        @Override
        public String writeCheckpoint(TrainingState state) {
            return planned.writeCheckpoint(state);
        }

        @Override
        public Optional<Stored> newestCheckpoint() {
            return planned.newestCheckpoint();
        }

        @Override
        public boolean endsAfter(EpochMetrics metrics, double[] theta) {
            EpochWatch.Verdict verdict = watch.after(metrics);
            if (verdict.keep() || kept == null) {
                kept = theta.clone();
            }
            return verdict.end();
        }

        @Override
        public void writeModel(double[] theta) {
            if (kept == null) {
                kept = theta.clone();
            }
            planned.writeModel(kept);
        }
    }
}

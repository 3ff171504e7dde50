package io.etastar.training;

import io.etastar.data.RowSplit;
import io.etastar.data.StratifiedSampler;
import io.etastar.optimizer.Optimizer;
import io.etastar.partition.Partition;
import io.etastar.quantity.LossSum;
import io.etastar.report.RunListener;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.check.MemoryCheck;
import io.etastar.spark.check.MemoryNeeds;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.ShardedData;
import org.apache.spark.api.java.JavaSparkContext;

/** A training run from plan to model: one Spark job per pass, checkpoints on the way. */
public final class Trainer {
    private static final long TRAINING_STREAM = 0;
    private static final long SUMMARY_STREAM = 1;

    private final JavaSparkContext context;
    private final TrainingPlan plan;
    private final RunListener listener;
    private final boolean resume;
    private final TrainingParts parts;
    private final Aggregation aggregation;

    /**
     * @param context of the jobs; left open
     * @param plan what to do
     * @param listener hears what happens, on the caller's thread; what it throws ends the run
     * @param runDirectory where checkpoints and model are written, any Hadoop path
     * @param resume whether to go on from the directory's newest whole checkpoint, if there is one
     */
    public Trainer(
            JavaSparkContext context, TrainingPlan plan, RunListener listener, String runDirectory, boolean resume) {
        this(
                context,
                plan,
                listener,
                resume,
                new PlannedParts(plan, runDirectory),
                plan.method().communication().aggregation());
    }

    Trainer(
            JavaSparkContext context,
            TrainingPlan plan,
            RunListener listener,
            boolean resume,
            TrainingParts parts,
            Aggregation aggregation) {
        this.context = context;
        this.plan = plan;
        this.listener = listener;
        this.resume = resume;
        this.parts = parts;
        this.aggregation = aggregation;
    }

    /**
     * Trains and writes the model. A run that is complete already has its model written again.
     *
     * @throws io.etastar.UserError before any job, where the plan cannot be done
     * @throws TrainingDiverged if a loss, gradient or parameter is not finite
     */
    public TrainingResult run() {
        plan.check();
        DeviceCheck.run(context);
        Partition partition = new Partition(parts.layout(), plan.method().groups());
        MemoryCheck.run(context.getConf(), needs(plan, partition, parts.engines()));
        DistributedPass passes =
                new DistributedPass(context, parts.engines(), plan.numerics().type(), aggregation);
        try (SparkObjective objective = objective(passes);
                ShardedData test = plan.data().test() == null
                        ? null
                        : new ShardedData(
                                context,
                                plan.data().test(),
                                plan.data().standardisation(),
                                plan.data().partitions())) {
            Optimizer optimizer = parts.optimizer(partition);
            return new TrainingLoop(plan, parts, listener, objective, test, optimizer, objective.stepsPerEpoch())
                    .run(resume);
        }
    }

    /**
     * Loss over all training rows, without dropout and without what is done to training rows alone; one pass.
     *
     * @param theta parameters [P]; kept by the caller
     */
    public LossSum trainingLoss(double[] theta) {
        try (DistributedPass passes = new DistributedPass(
                        context, parts.engines(), plan.numerics().type(), aggregation);
                ShardedData rows = new ShardedData(
                        context,
                        plan.data().train().forEvaluation(),
                        plan.data().standardisation(),
                        plan.data().partitions())) {
            return passes.loss(rows, theta);
        }
    }

    private SparkObjective objective(DistributedPass passes) {
        ShardedData train = new ShardedData(
                context,
                plan.data().train(),
                plan.data().standardisation(),
                plan.data().partitions());
        int[] all = train.rowsPerPartition();
        RowSplit split = plan.makesSummaries()
                ? plan.batches().summaryRows().split(all, plan.numerics().seed())
                : null;
        int[] rows = split == null ? all : split.trainingRows();
        StratifiedSampler steps = new StratifiedSampler(
                rows, plan.batches().size(), plan.numerics().seed(), TRAINING_STREAM);
        StratifiedSampler summaries = null;
        if (plan.makesSummaries() && !plan.batches().summaryRows().ofTheStep()) {
            int[] from = split == null ? all : split.rowsApart();
            summaries = new StratifiedSampler(
                    from, plan.batches().summarySize(), plan.numerics().seed(), SUMMARY_STREAM);
        }
        return new SparkObjective(
                passes,
                train,
                parts.layout(),
                steps,
                summaries,
                split,
                plan.numerics().seed());
    }

    /** The memory that a plan needs; builds the model's graph, but no engine. */
    private static MemoryNeeds needs(TrainingPlan plan, Partition partition, EngineFactory engines) {
        long bytes = engines.bytes(null) + (plan.makesSummaries() ? engines.bytes(partition) : 0);
        return MemoryNeeds.of(
                plan.data().train(),
                plan.data().partitions(),
                plan.numerics().type(),
                partition.layout().size(),
                bytes);
    }
}

package io.etastar.training;

import io.etastar.data.RowSplit;
import io.etastar.data.Standardisation;
import io.etastar.data.StratifiedSampler;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.LossSum;
import io.etastar.report.Listeners;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunListener;
import io.etastar.settings.OptimizerSettings;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.check.MemoryCheck;
import io.etastar.spark.check.MemoryNeeds;
import io.etastar.spark.check.StageResources;
import io.etastar.spark.engine.DeviceMemory;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.BatchRows;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.StoredModel;
import io.etastar.table.ClassValues;
import io.etastar.taylor.BatchMeans;
import io.etastar.taylor.Orientations;
import io.etastar.tensor.RawArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** A training run from plan to model: the door by which Estimators, jobs and experiments come in. */
public final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final long TRAINING_STREAM = 0;
    private static final long SUMMARY_STREAM = 1;

    private final JavaSparkContext context;
    private final TrainingPlan plan;
    private final RunStore store;
    private final RunListener listener;
    private final Built built;

    /**
     * What a plan names, built.
     *
     * @param layout of theta, with orientations
     * @param classes number of classes, 0 if targets are not class indices
     * @param engines of the model
     * @param initial seeded initial parameters [P], a new array
     * @param optimizers makes the optimizer for a partition
     * @param costs of a step
     * @param means over the rows of a batch that the model takes
     */
    record Built(
            ParameterLayout layout,
            int classes,
            EngineFactory engines,
            Supplier<double[]> initial,
            Function<Partition, Optimizer.Factory> optimizers,
            CostModel costs,
            List<BatchMeans.Mean> means) {
        static Built of(TrainingPlan plan) {
            Model model = plan.model().build();
            return new Built(
                    Orientations.of(model),
                    model.classes(),
                    engines(plan, plan.model()),
                    () -> plan.model().initialParameters(plan.numerics().seed()),
                    partition -> factory(plan.method().optimizer(), partition),
                    costs(plan, model),
                    BatchMeans.of(model));
        }

        private static Optimizer.Factory factory(OptimizerSpec spec, Partition partition) {
            return () -> Optimizers.create(spec, partition);
        }

        private static CostModel costs(TrainingPlan plan, Model model) {
            Partition partition = new Partition(model.layout(), plan.method().groups());
            OptimizerSettings settings = plan.method().optimizer().settings();
            return CostModel.of(
                    model,
                    plan.makesSummaries() ? partition : null,
                    Plans.curvature(settings),
                    settings.newton().summary().period());
        }

        private static EngineFactory engines(TrainingPlan plan, ModelDescription model) {
            return new ProgramFactory(
                    model.recipe(),
                    plan.numerics().type(),
                    plan.numerics().microBatch(),
                    mostRows(plan.data(), plan.batches().size()),
                    mostRows(plan.data(), plan.batches().summarySize()),
                    plan.numerics().backend());
        }

        /** A line if batch norm sees parts of a batch; null if it sees whole ones or there is none. */
        String partsOfBatches(TrainingPlan plan) {
            int batch = plan.batches().size();
            int rows = mostRows(plan.data(), batch);
            int most = plan.numerics().microBatch() > 0
                    ? Math.min(rows, plan.numerics().microBatch())
                    : rows;
            return means.isEmpty() || most >= batch
                    ? null
                    : "batch norm in training takes the statistics of up to " + most + " rows at once, not of the "
                            + batch + " of a batch (data.partitions, training.micro_batch)";
        }

        /** Most rows of a batch that one shard gives: its share of the batch, and one for rounding. */
        private static int mostRows(TrainingPlan.Data data, int batch) {
            long rows = data.train().count();
            long largestShard = (rows + data.partitions() - 1) / data.partitions();
            return (int) Math.min(largestShard, (batch * largestShard + rows - 1) / rows + 1);
        }
    }

    /**
     * @param context of the jobs; left open
     * @param plan what to do
     * @param store of checkpoints, metrics and model; the run resumes from its newest whole checkpoint, if there is one
     * @param listener hears what happens, on the caller's thread, after the store's metrics; what it throws ends the run
     */
    public TrainingRun(JavaSparkContext context, TrainingPlan plan, RunStore store, RunListener listener) {
        this(context, plan, store, listener, Built.of(plan));
    }

    TrainingRun(JavaSparkContext context, TrainingPlan plan, RunStore store, RunListener listener, Built built) {
        this.context = context;
        this.plan = plan;
        this.store = store;
        this.listener = listener;
        this.built = built;
    }

    /**
     * Trains and stores the model. A run that is complete already has its model written again.
     *
     * @throws io.etastar.UserError before any job, if the plan cannot be done
     * @throws TrainingDiverged if a loss, gradient or parameter is not finite
     */
    public TrainingResult run() {
        return run(trained -> {});
    }

    /**
     * Trains, stores the model, and then has it examined while the test rows are still laid out.
     *
     * @param examination what is done with the trained model; not called without test rows
     */
    public TrainingResult run(Consumer<Trained> examination) {
        plan.check();
        DeviceCheck.run(context, plan.numerics().backend());
        Partition partition = new Partition(built.layout(), plan.method().groups());
        String parts = built.partsOfBatches(plan);
        if (parts != null) {
            LOG.warn(parts);
        }
        checkMemory(plan.makesSummaries() ? partition : null);
        try (SparkObjective objective = objective();
                ShardedData test =
                        plan.data().test() == null ? null : shards(plan.data().test())) {
            TrainingResult result = run(objective, test, built.optimizers().apply(partition));
            if (test != null) {
                examination.accept(trained(result, test));
            }
            return result;
        }
    }

    private TrainingResult run(SparkObjective objective, ShardedData test, Optimizer.Factory optimizers) {
        Optimizer optimizer = optimizers.create();
        CheckpointStore.Newest newest = store.newest();
        boolean resumes = newest.checkpoint() != null;
        try (MetricsWriter metrics =
                store.openMetrics(resumes ? newest.checkpoint().step() : 0)) {
            RunListener listeners = metrics == null ? listener : new Listeners(List.of(metrics, listener));
            PredictionModel prediction = new PredictionModel(plan.model(), built.means(), objective, this::passes);
            TrainingLoop loop = new TrainingLoop(
                    plan,
                    store,
                    listeners,
                    optimizer,
                    execution(listeners, objective, optimizer, optimizers),
                    test == null ? null : theta -> prediction.loss(theta, test),
                    objective.stepsPerEpoch(),
                    store.keeps() ? digests(objective, test) : Map.of());
            if (resumes) {
                loop.resume(newest, built.layout().size());
            } else {
                loop.begin(built.initial().get(), plan.method().state());
            }
            loop.run();
            StoredModel model = model(prediction.at(loop.kept()), loop.kept());
            store.write(model);
            return loop.result(model);
        }
    }

    private Trained trained(TrainingResult result, ShardedData test) {
        long passes = built.costs().evaluations(result.steps() * plan.batches().size());
        return new Trained(result.kept().model(), test, plan.data().targets(), passes);
    }

    /** Of the training rows, the test rows and those of summaries alone. */
    private Map<String, String> digests(SparkObjective objective, ShardedData test) {
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put("training rows", objective.digest());
        if (test != null) {
            digests.put("test rows", test.digest());
        }
        if (hasOwnSummaryRows()) {
            digests.put("summary rows", objective.digestBehind());
        }
        return digests;
    }

    /** Whether nothing is done at the end of an epoch that needs its parameters. */
    private boolean spansEpochs() {
        return plan.data().test() == null && !store.keeps() && plan.stopping().tolerance() == 0;
    }

    private StepExecution execution(
            RunListener listeners, SparkObjective objective, Optimizer optimizer, Optimizer.Factory optimizers) {
        ExecutionPlan execution =
                ExecutionPlan.of(plan, built.costs(), ClusterShape.of(context), optimizer.stateSize(), spansEpochs());
        listeners.plan(execution.toString());
        return execution.tasks() == 0
                ? new StepExecution.OnDriver(
                        objective, optimizer, plan.method().communication().period())
                : new StepExecution.NearData(objective, optimizer, optimizers, execution, plan);
    }

    /**
     * Loss over all training rows, without dropout and without what is done to training rows alone; one pass.
     *
     * @param theta parameters [P] of a trained model, which gives targets as they are; kept by the caller
     */
    public LossSum trainingLoss(double[] theta) {
        try (DistributedPass passes = passes();
                ShardedData rows = asTheyAre(plan.data().train())) {
            return passes.loss(rows, theta);
        }
    }

    /**
     * Loss of predictions, of targets as they are; one pass.
     *
     * @param model that this run has trained
     * @param rows like its training rows; taken without what is done to training rows alone
     */
    public LossSum loss(StoredModel model, Rows rows) {
        TrainingPlan.Numerics numerics = plan.numerics();
        EngineFactory engines = new ProgramFactory(
                ModelDescription.of(model),
                numerics.type(),
                numerics.microBatch(),
                rows.count(),
                1,
                numerics.backend());
        try (DistributedPass passes = passes(engines);
                ShardedData laid = asTheyAre(rows)) {
            return passes.loss(laid, model.theta().toDoubles());
        }
    }

    private ShardedData asTheyAre(Rows rows) {
        return onResources(new ShardedData(
                context,
                rows.forEvaluation(),
                plan.data().standardisation(),
                null,
                plan.data().partitions(),
                plan.numerics().type()));
    }

    /** The rows where training has its executors. */
    private ShardedData onResources(ShardedData rows) {
        Option<ResourceProfile> resources = StageResources.of(context);
        return resources.isEmpty() ? rows : rows.withResources(resources.get());
    }

    private DistributedPass passes() {
        return passes(built.engines());
    }

    private DistributedPass passes(ModelDescription model) {
        return passes(Built.engines(plan, model));
    }

    private DistributedPass passes(EngineFactory engines) {
        return new DistributedPass(
                context,
                engines,
                plan.numerics().type(),
                plan.method().communication().aggregation());
    }

    private ShardedData shards(Rows rows) {
        return onResources(new ShardedData(
                context,
                rows,
                plan.data().standardisation(),
                plan.data().targets(),
                plan.data().partitions(),
                plan.numerics().type()));
    }

    /** Of the training rows, with those of summaries behind them if these are a data set of their own. */
    private ShardedData trainingShards() {
        TrainingPlan.Data data = plan.data();
        return hasOwnSummaryRows()
                ? onResources(new ShardedData(
                        context,
                        data.train(),
                        data.summaries(),
                        data.standardisation(),
                        data.targets(),
                        data.partitions(),
                        plan.numerics().type()))
                : shards(data.train());
    }

    private boolean hasOwnSummaryRows() {
        return plan.makesSummaries() && plan.data().summaries() != null;
    }

    private SparkObjective objective() {
        return objective(plan.makesSummaries());
    }

    /** @param drawsSummaries whether batches of summaries are drawn, perhaps from rows apart */
    SparkObjective objective(boolean drawsSummaries) {
        DistributedPass passes = passes();
        ShardedData train = trainingShards();
        int[] all = train.rowsPerPartition();
        long seed = plan.numerics().seed();
        TrainingPlan.Batches batches = plan.batches();
        RowSplit split = drawsSummaries ? batches.summaryRows().split(all, seed) : null;
        int[] rows = split == null ? all : split.trainingRows();
        StratifiedSampler steps = new StratifiedSampler(rows, batches.size(), seed, TRAINING_STREAM);
        StratifiedSampler summaries = null;
        if (drawsSummaries && !batches.summaryRows().ofTheStep()) {
            int[] from = split == null ? all : split.rowsApart();
            summaries = new StratifiedSampler(from, batches.summarySize(), seed, SUMMARY_STREAM);
        }
        return new SparkObjective(passes, train, built.layout(), new BatchRows(all, steps, summaries, split, seed));
    }

    /**
     * Holds what the plan needs against the memory of processes and devices; builds the model's graph, but no engine.
     *
     * @param partition of summaries; null if there are none
     * @throws io.etastar.UserError if it cannot fit
     */
    void checkMemory(Partition partition) {
        MemoryCheck.run(context.getConf(), needs(partition));
        long onDevice = bytes(built.engines()::deviceBytes, partition);
        DeviceMemory.check(
                context, plan.numerics().backend(), onDevice, plan.data().partitions());
    }

    /** Bytes of the engines that one task slot needs: one for gradients, one for summaries if there are any. */
    private static long bytes(ToLongFunction<Partition> ofEngine, Partition partition) {
        return ofEngine.applyAsLong(null) + (partition == null ? 0 : ofEngine.applyAsLong(partition));
    }

    private MemoryNeeds needs(Partition partition) {
        long bytes = bytes(built.engines()::bytes, partition);
        TrainingPlan.Data data = plan.data();
        MemoryNeeds needs = MemoryNeeds.of(
                data.train(),
                data.partitions(),
                plan.numerics().type(),
                built.layout().size(),
                bytes);
        return hasOwnSummaryRows() ? needs.and(data.summaries()) : needs;
    }

    /** The model with these parameters [P], rounded to the plan's type. */
    private StoredModel model(ModelDescription description, double[] theta) {
        Standardisation standardisation = plan.data().standardisation();
        return new StoredModel(
                description.json(),
                built.layout(),
                RawArray.copyOf(
                        plan.numerics().type(),
                        TargetUnits.unscaled(theta, built.layout(), plan.data().targets())),
                standardisation == null ? null : standardisation.mean(),
                standardisation == null ? null : standardisation.deviation(),
                built.classes(),
                values(),
                plan.data().train().encoding(),
                description.constantValues());
    }

    /** The rows' classes, if they are the model's. */
    private ClassValues values() {
        ClassValues values = plan.data().train().classValues();
        return values.names().size() == built.classes() ? values : ClassValues.INDICES;
    }
}

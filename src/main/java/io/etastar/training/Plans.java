package io.etastar.training;

import io.etastar.data.RowShape;
import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.Schedule;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.settings.SummarySettings;
import io.etastar.settings.TrainingSettings;
import io.etastar.spark.check.MemoryNeeds;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.TableEncoding;
import io.etastar.taylor.FactorProgram;
import io.etastar.taylor.Program;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Plans of training runs. */
public final class Plans {
    /** Most bytes of a shard if their number is not given: a heap has room for several. */
    private static final long SHARD_BYTES = 256 << 20;

    private Plans() {}

    /**
     * The plan of a job.
     *
     * @param configuration of the job
     * @param train training rows
     * @param test test rows, or null
     * @param measure checks the rows and gives mean and deviation of the training rows' features for a number of shards; asked
     *     once, after all other checks
     * @throws io.etastar.UserError naming the key, what was found and what is expected
     * @throws IllegalStateException if the configuration leaves something to {@link #decided}
     */
    public static TrainingPlan of(
            Configuration configuration, Rows train, Rows test, IntFunction<Standardisation> measure) {
        return of(configuration, train, test, null, measure);
    }

    /**
     * The same, with rows that summaries are drawn from and nothing is trained on.
     *
     * @param summaries of them; null if summaries take training rows
     */
    public static TrainingPlan of(
            Configuration configuration, Rows train, Rows test, Rows summaries, IntFunction<Standardisation> measure) {
        if (configuration.isAutomatic()) {
            throw new IllegalStateException("batch or shards are not decided");
        }
        ModelDescription model = ModelShape.loaded(configuration);
        ModelShape shape = ModelShape.of(model);
        DataChecks.fit(configuration, shape, train);
        if (test != null) {
            DataChecks.fit(configuration, shape, test);
        }
        if (summaries != null) {
            DataChecks.fit(configuration, shape, summaries);
        }
        int partitions = configuration.data().rows().partitions();
        TrainingPlan.Batches batches = batches(configuration, train, summaries, partitions);
        OptimizerSettings optimizer = configuration.optimizer();
        if (optimizer.needs().contains(Need.KRONECKER_FACTORS)) {
            FactorProgram.check(model.build(), optimizer.kfac().sampled());
        }
        Program.check(model.build(), curvature(optimizer));
        List<List<String>> groups =
                configuration.partition().on(model.build().layout()).groups();
        Standardisation measured = measure.apply(partitions);
        boolean standardised = configuration.data().rows().standardise() && train.encoding() == null;
        Standardisation standardisation = standardised ? measured : null;
        boolean numbers = shape.kind().equals("perceptron") && shape.loss().equals("mse");
        Standardisation targets =
                numbers && configuration.data().rows().standardiseTargets() ? train.measureTargets(partitions) : null;
        TrainingSettings.Length length = configuration.training().length();
        Stopping stopping = Stopping.after(length.epochs(), length.maxSteps());
        OptimizerSpec spec = spec(configuration, stopping, batches.stepsPerEpoch(train.count(), partitions));
        TrainingPlan plan = new TrainingPlan(
                model,
                new TrainingPlan.Data(train, test, summaries, standardisation, targets, partitions),
                new TrainingPlan.Method(spec, groups, communication(configuration)),
                batches,
                stopping,
                checkpoints(configuration),
                new TrainingPlan.Numerics(
                        configuration.dtype(), length.microBatch(), configuration.seed(), configuration.backend()));
        plan.check();
        return plan;
    }

    /**
     * The configuration of a job with what is automatic decided: rows of a batch, shards of the training rows. It follows from
     * rows, model and cluster alone, so the same of each give the same bytes.
     *
     * @param cluster asked for if something is automatic, and only then
     */
    public static Configuration decided(Configuration configuration, Rows train, Supplier<ClusterShape> cluster) {
        return decided(configuration, train, null, cluster);
    }

    /**
     * The same, with rows that summaries are drawn from and nothing is trained on.
     *
     * @param summaries of them; null if summaries take training rows
     */
    public static Configuration decided(
            Configuration open, Rows train, Rows summaries, Supplier<ClusterShape> cluster) {
        Configuration configuration = ofModel(open);
        if (!configuration.isAutomatic()) {
            return configuration;
        }
        int given = configuration.data().rows().partitions();
        int shards = given > 0 ? given : 1;
        SummaryRows rows = summaryRows(configuration, summaries);
        int batch = configuration.training().length().batch();
        int trained = rows.trainingRows(train.count(), shards);
        int size = batch > 0 ? batch : batch == 0 ? trained : automaticBatch(trained);
        int summarySize = Math.max(1, Math.min(size, rows.summaryRows(train.count(), shards)));
        return configuration.planned(
                size, summarySize, given > 0 ? given : automaticShards(configuration, train, size, cluster.get()));
    }

    /** The configuration of a job with a model that fits the rows, if its inputs and outputs are what the data say. */
    public static Configuration fitted(Configuration configuration, Rows train) {
        if (!configuration.isOpen()) {
            return configuration;
        }
        RowShape shape = train.shape();
        TableEncoding table = train.encoding();
        List<ColumnEncoding> embedded = table == null ? List.of() : table.embedded();
        return configuration.fitted(
                shape.featureLength(),
                shape.classes() > 0 ? shape.classes() : shape.targetLength(),
                embedded.stream().map(ColumnEncoding::embeddingRows).toList(),
                embedded.stream().map(ColumnEncoding::embeddingWidth).toList());
    }

    /**
     * The configuration of a job with what its model decides, unless the job names it: summaries of the Hessian where a preset's
     * Gauss-Newton matrix does not exist, as of a loss with a penalty; {@link #of} refuses what the job names itself. And solved lengths
     * along Muon's direction that no other rows confirm where batch norm takes the statistics of each batch.
     */
    static Configuration ofModel(Configuration configuration) {
        OptimizerSettings optimizer = configuration.optimizer();
        boolean hessian = curvature(optimizer) == Curvature.HESSIAN;
        boolean solved = optimizer.name() == OptimizerSettings.Name.NEWTON_SUMMARY
                && optimizer.newton().isSolved();
        if (hessian && !solved) {
            return configuration;
        }
        Model model = ModelShape.loaded(configuration).build();
        boolean exists = hessian || Program.hasGaussNewton(model);
        Configuration curved = exists ? configuration : configuration.curved(Curvature.HESSIAN.key());
        boolean whitened = optimizer.base().name().equals("muon");
        return solved && whitened && Program.mixesRows(model) ? curved.unconfirmed() : curved;
    }

    private static int automaticShards(Configuration configuration, Rows train, int batch, ClusterShape cluster) {
        Model model = ModelShape.loaded(configuration).build();
        OptimizerSettings optimizer = configuration.optimizer();
        Partition partition = optimizer.needs().contains(Need.SUMMARY_BATCHES)
                ? new Partition(
                        model.layout(),
                        configuration.partition().on(model.layout()).groups())
                : null;
        CostModel costs = CostModel.of(
                model,
                partition,
                curvature(optimizer),
                optimizer.newton().summary().period());
        long bytes = train.count() * MemoryNeeds.bytesOfRow(train);
        int least = (int) ((bytes + SHARD_BYTES - 1) / SHARD_BYTES);
        return Math.max(least, costs.shards(batch, cluster));
    }

    /**
     * Rows of a batch if none are given: 100 for tables of 3200 to 30 000 rows. Smaller tables get 32 steps an epoch, of at least
     * 16 rows; the batch of larger ones grows with the power 3/4 of their rows. Found by trials: docs/design-notes.md.
     */
    static int automaticBatch(int rows) {
        if (rows < 3200) {
            return Math.min(rows, Math.max(16, rows / 32));
        }
        return (int) Math.max(100, Math.round(100 * Math.pow(rows / 30000.0, 0.75)));
    }

    private static SummaryRows summaryRows(Configuration configuration, Rows own) {
        SummarySettings settings = configuration.summary();
        return own == null ? new SummaryRows(settings.rows(), settings.share()) : SummaryRows.own(own.count());
    }

    private static TrainingPlan.Batches batches(
            Configuration configuration, Rows train, Rows summaries, int partitions) {
        SummarySettings summary = configuration.summary();
        int given = configuration.training().length().batch();
        int givenSummaries = summary.batch();
        SummaryRows rows = summaryRows(configuration, summaries);
        int batch = given == 0 ? rows.trainingRows(train.count(), partitions) : given;
        int summaryBatch = givenSummaries == 0 ? rows.summaryRows(train.count(), partitions) : givenSummaries;
        summaryBatch = rows.ofTheStep() ? batch : summaryBatch;
        DataChecks.batch(configuration, "training.batch", batch, train);
        if (configuration.optimizer().needs().contains(Need.SUMMARY_BATCHES)) {
            DataChecks.batch(configuration, "summary.batch", summaryBatch, summaries == null ? train : summaries);
        }
        return new TrainingPlan.Batches(batch, summaryBatch, rows);
    }

    private static OptimizerSpec spec(Configuration configuration, Stopping stopping, long stepsPerEpoch) {
        OptimizerSettings settings = configuration.optimizer();
        return new OptimizerSpec(
                settings,
                Schedule.of(settings.rate(), stepsPerEpoch, stopping.steps(stepsPerEpoch)),
                configuration.seed(),
                configuration.report().measureDecrease());
    }

    /** Of the summaries of an optimizer that makes some. */
    static Curvature curvature(OptimizerSettings settings) {
        return settings.name() == OptimizerSettings.Name.NEWTON_SUMMARY
                ? Curvature.of(settings.newton().summary().curvature())
                : Curvature.HESSIAN;
    }

    private static Communication communication(Configuration configuration) {
        TrainingSettings.Communication settings = configuration.training().communication();
        boolean onExecutor = settings.finalAggregation().equals("executor");
        return new Communication(
                settings.sync().equals("auto"),
                settings.period(),
                new Aggregation(settings.aggregationDepth(), onExecutor));
    }

    private static TrainingPlan.Checkpoints checkpoints(Configuration configuration) {
        TrainingSettings.Checkpoints settings = configuration.training().checkpoints();
        return new TrainingPlan.Checkpoints(
                settings.checkpointSteps(), settings.checkpointSeconds(), settings.keepCheckpoints());
    }
}

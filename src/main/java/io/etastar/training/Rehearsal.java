package io.etastar.training;

import io.etastar.UserError;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.report.Listeners;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.tensor.DType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The steps of a plan, to be looked at: from any state of the run, with any learning rate, as the run would make them. Some rows are
 * kept apart and not stepped on. Nothing is stored.
 */
public final class Rehearsal implements AutoCloseable {
    /** Of the rows, one in so many is kept apart at most. */
    private static final double APART = 4;
    /** Batches of rows apart, at least and at most, if there are as many rows. */
    private static final int LEAST_APART = 4;

    private static final int MOST_APART = 8;

    private final TrainingPlan plan;
    private final TrainingRun.Built built;
    private final Partition tensors;
    private final Map<DType, SparkObjective> objectives = new EnumMap<>(DType.class);
    private final ExecutionPlan execution;
    private final Position start;
    private final int apart;

    /**
     * A state of the run.
     *
     * @param theta parameters [P]; shared
     * @param state of the optimizer; shared
     * @param step number of steps made
     * @param model parameters [P] that are evaluated: theta, or an average; shared
     */
    public record Position(double[] theta, Map<String, double[]> state, long step, double[] model) {}

    /**
     * Lays the rows out.
     *
     * @param context of the jobs; left open
     * @param plan what would be run
     * @param first number of steps that were made before
     * @throws UserError if there are too few rows or too little memory
     */
    public Rehearsal(JavaSparkContext context, TrainingPlan plan, long first) {
        this.plan = apart(plan);
        built = TrainingRun.Built.of(this.plan);
        tensors = Partitions.parse("canonical", built.layout());
        DeviceCheck.run(context, plan.numerics().backend());
        for (DType type : DType.values()) {
            TrainingPlan typed = in(type, this.plan);
            TrainingRun run = new TrainingRun(context, typed, RunStore.memory(), new Listeners(List.of()));
            run.checkMemory(tensors);
            objectives.put(type, run.objective(true));
        }
        double[] theta = built.initial().get();
        Optimizer optimizer = optimizer(rate()).create();
        execution = ExecutionPlan.of(this.plan, built.costs(), ClusterShape.of(context), optimizer.stateSize(), true);
        if (!plan.method().state().isEmpty()) {
            optimizer.restore(plan.method().state());
        }
        start = position(optimizer, theta, first);
        apart = rowsApart(this.plan);
    }

    private static TrainingPlan in(DType type, TrainingPlan plan) {
        TrainingPlan.Numerics numerics = plan.numerics();
        return new TrainingPlan(
                plan.model(),
                plan.data(),
                plan.method(),
                plan.batches(),
                plan.stopping(),
                plan.checkpoints(),
                new TrainingPlan.Numerics(type, numerics.microBatch(), numerics.seed(), numerics.backend()));
    }

    private static TrainingPlan apart(TrainingPlan plan) {
        int rows = plan.data().train().count();
        double most =
                Math.min(rows / APART, (double) MOST_APART * plan.batches().size());
        SummaryRows split = new SummaryRows("apart", most / rows);
        TrainingPlan tried = with(new TrainingPlan.Batches(plan.batches().size(), 1, split), plan);
        int apart = rowsApart(tried);
        if (apart < LEAST_APART || apart == rows) {
            throw new UserError(
                    UserError.Subject.of(plan.data().train().shape().description()),
                    rows + " rows in " + plan.data().partitions() + " shards",
                    "some rows to keep apart: " + (int) (LEAST_APART * APART) + " in each shard at least");
        }
        int size = Math.min(plan.batches().size(), rows - apart);
        int apartSize = Math.min(size, (apart + LEAST_APART - 1) / LEAST_APART);
        return with(new TrainingPlan.Batches(size, apartSize, split), plan);
    }

    private static TrainingPlan with(TrainingPlan.Batches batches, TrainingPlan plan) {
        return new TrainingPlan(
                plan.model(),
                plan.data(),
                plan.method(),
                batches,
                plan.stopping(),
                plan.checkpoints(),
                plan.numerics());
    }

    private static int rowsApart(TrainingPlan plan) {
        return plan.batches()
                .summaryRows()
                .summaryRows(plan.data().train().count(), plan.data().partitions());
    }

    private static Position position(Optimizer optimizer, double[] theta, long step) {
        return new Position(
                theta, optimizer.state(), step, optimizer.averaged(theta).clone());
    }

    /** Where the run begins. */
    public Position start() {
        return start;
    }

    /** Every parameter tensor as a subset. */
    public Partition tensors() {
        return tensors;
    }

    /** The plan's learning rate, before its schedule. */
    public double rate() {
        return plan.method().optimizer().settings().lr();
    }

    /** Rows of a batch. */
    public int batchRows() {
        return plan.batches().size();
    }

    /** Rows that are kept apart. */
    public int rowsApart() {
        return apart;
    }

    /** What a loss of the targets as they are is, times that of those that are trained on. */
    public double lossUnit() {
        return plan.data().lossUnit();
    }

    /** Precision of the steps. */
    public DType type() {
        return plan.numerics().type();
    }

    private Optimizer.Factory optimizer(double lr) {
        OptimizerSpec spec = plan.method().optimizer().with(lr);
        Partition subsets = new Partition(built.layout(), plan.method().groups());
        return () -> Optimizers.create(spec, subsets);
    }

    /**
     * Makes steps.
     *
     * @param from where they begin; kept
     * @param lr learning rate in place of the plan's
     * @param count number of them, at least 1
     * @return where they end; null if a loss, gradient or parameter is not finite there
     */
    public Position after(Position from, double lr, int count) {
        Optimizer.Factory optimizers = optimizer(lr);
        Optimizer optimizer = optimizers.create();
        optimizer.restore(from.state());
        SparkObjective objective = objectives.get(type());
        StepExecution steps = execution.tasks() == 0
                ? new StepExecution.OnDriver(objective, optimizer, 0)
                : new StepExecution.NearData(objective, optimizer, optimizers, execution, plan);
        double[] theta = from.theta().clone();
        long end = from.step() + count;
        long step = from.step();
        while (step < end) {
            StepExecution.Executed made =
                    steps.execute(theta, new StepExecution.Span(step, (int) (end - step), LossSum.ZERO));
            step += made.results().size();
            boolean finite = made.results().stream()
                    .allMatch(result -> result.skipped()
                            || Double.isFinite(result.loss().meanLoss()) && Double.isFinite(result.gradientNorm()));
            if (!finite || !Arrays.stream(theta).allMatch(Double::isFinite)) {
                return null;
            }
        }
        return position(optimizer, theta, step);
    }

    /**
     * Other batches than that of a step, which share no row with it unless it has all rows.
     *
     * @param step number of it, from 0
     * @param most batches
     */
    public List<Batch> besides(long step, int most) {
        long epoch = objectives.get(type()).stepsPerEpoch();
        if (epoch == 1) {
            return List.of(new Batch.Step(step));
        }
        long first = step - step % epoch;
        return LongStream.rangeClosed(1, Math.min(most, epoch - 1))
                .mapToObj(i -> (Batch) new Batch.Step(first + (step + i) % epoch))
                .toList();
    }

    /** Batches of the rows that are kept apart. */
    public List<Batch> apart() {
        int size = plan.batches().summarySize();
        return IntStream.range(0, Math.min(MOST_APART, (apart + size - 1) / size))
                .mapToObj(i -> (Batch) new Batch.Summary(i, 0))
                .toList();
    }

    /**
     * A quantity over each of several batches, without dropout: one pass.
     *
     * @param type precision
     * @param point of the evaluation; its arrays are kept by the caller
     * @return the sums, in the order of the batches; those without rows are left out
     */
    public <T extends Sum<T>> List<T> each(
            DType type, Quantity<T> quantity, List<Batch> batches, Point<double[]> point) {
        return List.copyOf(objectives.get(type).each(quantity, batches, point).values());
    }

    @Override
    public void close() {
        objectives.values().forEach(SparkObjective::close);
    }
}

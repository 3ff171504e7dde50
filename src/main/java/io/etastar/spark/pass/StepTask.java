package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Shard;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.LossSum;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.DType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * The task of a job that makes many steps of an optimizer next to the data. Each task has all shards: the one of partition 0
 * makes the steps, those of other partitions help it with its sums.
 */
final class StepTask extends SumJob.Task<Shard, StepTask.Made> {
    private static final long serialVersionUID = 1L;
    /** The least double that becomes infinite in single precision. */
    static final double ROUNDS_TO_INFINITY = 0x1.ffffffp127;

    private final Problem problem;
    private final TrainingState small;
    private final Broadcast<Carried<TrainingState>> large;
    private final SparkObjective.StepRange range;
    private final String team;

    /**
     * What the steps are made of; the same for all jobs of a run.
     *
     * @param optimizers makes the optimizer, in its initial state
     * @param layout of theta
     * @param batches which rows each batch takes
     * @param type of the engine
     * @param transform of rows before an engine sees them; null for none
     * @param engines made as needed
     */
    record Problem(
            Optimizer.Factory optimizers,
            ParameterLayout layout,
            BatchRows batches,
            DType type,
            BatchTransform transform,
            EngineFactory engines)
            implements Serializable {}

    /**
     * Steps made.
     *
     * @param state after them
     * @param results of each, in order
     * @param unsolved summaries or line searches among them that gave no step
     * @param compute seconds in engines
     * @param merge seconds in which terms were added
     * @param fetch seconds of waiting for the start
     * @param own seconds of the optimizer's own arithmetic
     */
    record Made(
            TrainingState state,
            List<StepResult> results,
            long unsolved,
            double compute,
            double merge,
            double fetch,
            double own)
            implements Serializable {}

    /**
     * @param tasks of the job
     * @param small parameters and state before the first step; null if they are broadcast
     * @param large the same, broadcast; null if they travel with the task
     * @param team name by which helpers find the team in their JVM, this job's own
     */
    StepTask(
            int tasks,
            Problem problem,
            TrainingState small,
            Broadcast<Carried<TrainingState>> large,
            SparkObjective.StepRange range,
            String team) {
        super(tasks, 0);
        this.problem = problem;
        this.small = small;
        this.large = large;
        this.range = range;
        this.team = team;
    }

    @Override
    Made term(int partition, Iterator<Shard> shards) {
        if (partition > 0) {
            ThreadTeam members = ThreadTeam.find(team);
            if (members != null) {
                help(members, partition, shards);
            }
            return null;
        }
        // It is open before anything is fetched or compiled, so that helpers find it.
        try (ThreadTeam led = ThreadTeam.open(team);
                TaskEngines engines = TaskEngines.ofTask(problem.engines())) {
            Made made = make(led, contexts(shards, engines));
            engines.succeeded();
            return made;
        }
    }

    private void help(ThreadTeam members, int number, Iterator<Shard> shards) {
        try (TaskEngines engines = TaskEngines.ofTask(problem.engines())) {
            members.help(contexts(shards, engines), number);
            engines.succeeded();
        }
    }

    private ShardContext[] contexts(Iterator<Shard> shards, TaskEngines engines) {
        List<ShardContext> contexts = new ArrayList<>();
        while (shards.hasNext()) {
            contexts.add(new ShardContext(contexts.size(), shards.next(), problem.transform(), engines));
        }
        return contexts.toArray(new ShardContext[0]);
    }

    private Made make(ThreadTeam led, ShardContext[] on) {
        long begin = System.nanoTime();
        TrainingState before = small == null ? large.value().value() : small;
        double fetch = secondsSince(begin);
        Optimizer optimizer = problem.optimizers().create();
        optimizer.restore(before.state());
        long unsolved = optimizer.noSolution();
        double[] theta = before.theta().doubles().clone();
        Objective objective = new ShardObjective(problem.layout(), problem.batches(), problem.type(), led, on);
        List<StepResult> results = new ArrayList<>();
        LossSum epoch = range.epochs().soFar();
        while (results.size() < range.most() && (results.isEmpty() || secondsSince(begin) < range.seconds())) {
            ThreadTeam.checkKilled();
            StepResult result = optimizer.stepIfWeighted(objective, theta, range.first() + results.size());
            results.add(result);
            if (!isFinite(result, theta)) {
                break;
            }
            epoch = range.epochs().after(range.first() + results.size(), epoch.plus(result.loss()), optimizer);
        }
        double sums = led.computeSeconds() + led.mergeSeconds();
        return new Made(
                TrainingState.of(theta, optimizer.state()),
                results,
                optimizer.noSolution() - unsolved,
                led.computeSeconds(),
                led.mergeSeconds(),
                fetch,
                secondsSince(begin) - fetch - sums);
    }

    /** Whether another step can be made: the driver would stop the run here. */
    private boolean isFinite(StepResult result, double[] theta) {
        double below = problem.type() == DType.FLOAT ? ROUNDS_TO_INFINITY : Double.POSITIVE_INFINITY;
        boolean finite =
                result.skipped() || Double.isFinite(result.loss().meanLoss()) && Double.isFinite(result.gradientNorm());
        // Without an exit, since each step looks at all of them.
        for (double parameter : theta) {
            finite &= Math.abs(parameter) < below;
        }
        return finite;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** Of a job's tasks one alone has a result. */
    static OrderedSum.Merge<Made> merging() {
        return (left, right) -> {
            throw new IllegalStateException("two tasks of a job made its steps");
        };
    }
}

package io.etastar.training;

import io.etastar.spark.check.MemoryNeeds;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import java.util.Locale;

/**
 * How the steps of a run are executed: a function of its plan, the costs of a step and the cluster. Results depend on shards and
 * batch, not on the length of a job.
 *
 * @param tasks of a job that makes many steps next to the data; 0 if each step is a job
 * @param stepsPerJob steps of a job at most
 * @param seconds after which a job begins no further step
 * @param spansEpochs whether a job may make steps of several epochs
 * @param line the plan in words
 */
record ExecutionPlan(int tasks, int stepsPerJob, double seconds, boolean spansEpochs, String line) {
    /** Rows of several shards may take this part of the heap: one in so many. */
    private static final int HEAP_SHARE = 4;

    /** Of a job: short enough for progress and for the loss of one to be small, long against the start of a job. */
    private static final double JOB_SECONDS = 1;

    /** A job is at least so many times as long as its parameters and state travel. */
    private static final double TRAVELS = 20;

    /** Seconds for one parameter with a state of three more numbers to go to the task and back. */
    private static final double TRAVEL = 64e-8;

    /**
     * What travels to a task and back takes so many times its bytes at once: with the driver and with the task as an optimizer and as its
     * state, and as buffers of bytes, which grow by doubling, and what they become on both ways.
     */
    private static final int COPIES = 24;

    /**
     * @param state numbers of the optimizer's state
     * @param spansEpochs whether a job may make steps of several epochs
     */
    static ExecutionPlan of(TrainingPlan plan, CostModel costs, ClusterShape cluster, long state, boolean spansEpochs) {
        int shards = plan.data().partitions();
        Communication communication = plan.method().communication();
        boolean near = communication.nearData()
                && travels(costs.parameters() + state, cluster)
                && (shards == 1 || fits(plan.data().train(), cluster));
        long epoch = plan.stepsPerEpoch();
        return of(
                shards,
                near ? Math.min(shards, cluster.slots()) : 0,
                communication.period(),
                plan.batches().size(),
                plan.steps(),
                epoch,
                spansEpochs,
                state,
                costs);
    }

    /** Whether heaps have room for parameters and state on their way to a task; where not, the optimizer stays on the driver. */
    static boolean travels(long numbers, ClusterShape cluster) {
        long driver = Runtime.getRuntime().maxMemory();
        long heap = cluster.oneJvm() ? Math.min(cluster.heap(), driver) : driver;
        return COPIES * numbers * Double.BYTES <= heap;
    }

    /**
     * Whether all rows can stay in the heap of one JVM that has all tasks: each task has all shards, and those on disk would be
     * read by each of them.
     */
    private static boolean fits(Rows rows, ClusterShape cluster) {
        return cluster.oneJvm() && rows.count() * MemoryNeeds.bytesOfRow(rows) <= cluster.heap() / HEAP_SHARE;
    }

    /**
     * @param tasks of a job of many steps, 0 if there are none such
     * @param steps of the run
     * @param epoch steps of an epoch
     * @param spans whether a job may make steps of several epochs
     * @param state numbers of the optimizer's state
     */
    static ExecutionPlan of(
            int shards,
            int tasks,
            int period,
            int batch,
            long steps,
            long epoch,
            boolean spans,
            long state,
            CostModel costs) {
        long most = Math.min(steps, spans ? steps : epoch);
        boolean near = tasks > 0;
        double step = near ? costs.nearStep(batch, tasks) : costs.jobStep(batch, shards, Math.max(1, period));
        double travel = TRAVEL * Math.max(costs.parameters(), (costs.parameters() + state) / 4.0);
        double job = Math.max(JOB_SECONDS, TRAVELS * travel);
        int together = near ? (int) Math.max(1, Math.min(most, job / step)) : Math.max(1, period);
        double seconds = epoch * (step + (near ? costs.job() / together : 0));
        String line = String.format(
                Locale.ROOT,
                "plan: %s, %s, batch %d: %s s an epoch expected when warm",
                shards == 1 ? "1 shard" : shards + " shards",
                together == 1 ? "a step a job" : together + " steps a job",
                batch,
                seconds(seconds));
        return new ExecutionPlan(tasks, together, 2 * job, near && spans, line);
    }

    /** Two digits. */
    private static String seconds(double value) {
        return value < 9.5
                ? String.format(Locale.ROOT, value < 0.095 ? "%.3f" : value < 0.95 ? "%.2f" : "%.1f", value)
                : String.valueOf(Math.round(value));
    }

    @Override
    public String toString() {
        return line;
    }
}

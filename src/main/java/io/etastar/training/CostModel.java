package io.etastar.training;

import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.taylor.OperationCount;

/**
 * What a step is expected to cost, in seconds of a core of 2020 or so. Its constants are fixed and nothing is measured: the plan
 * that follows from it is the same on every machine.
 *
 * <p>With r rows of a batch, f operations a row, k kernels and P parameters, one thread computes a gradient in t(r) = k K + r f /
 * F seconds, K = 2.5 us being what a kernel costs whatever it does, and F = 60 GFLOPS, between what products of large matrices
 * reach and small ones with their activations (docs/design-notes.md). A step on s shards next to the data costs
 * t(r / s) + P U, U = 8 ns being the optimizer's arithmetic, and for s > 1 the meeting of the threads, s (M + P A), M = 30 us and
 * A = 0.5 ns. A step that is a Spark job costs J = 6 ms more, and the travel of parameters and sums, P s / 1e8.
 *
 * @param operations f of a step's gradient and its share of a summary
 * @param kernels k of both
 * @param parameters P
 */
record CostModel(double operations, double kernels, int parameters) {
    private static final double KERNEL = 2.5e-6;
    private static final double RATE = 6e10;
    /** Operations a second of evaluations, an eighth of those of training, and seconds of a row whatever it does. */
    private static final double EVALUATION_RATE = RATE / 8;

    private static final double EVALUATION = 2e-6;
    private static final double UPDATE = 8e-9;
    private static final double MEETING = 3e-5;
    private static final double ADDING = 5e-10;
    private static final double JOB = 6e-3;
    private static final double TRAVEL = 1e-8;

    /** Two shards must save this share of a step's time over one, and so on: each has its own engine and its own copy of buffers. */
    private static final double WORTH = 0.85;

    /**
     * Of a model.
     *
     * @param partition of summaries; null for an optimizer that makes none
     * @param curvature of summaries
     * @param period steps between two of them
     */
    static CostModel of(Model model, Partition partition, Curvature curvature, int period) {
        double gradient = OperationCount.gradient(model);
        double ops = 3.0 * OperationCount.ops(model);
        if (partition == null) {
            return new CostModel(gradient, ops, model.layout().size());
        }
        return new CostModel(
                gradient + OperationCount.summary(model, partition, curvature) / period,
                ops + ops * (1 + partition.size()) / period,
                model.layout().size());
    }

    /**
     * Rows that may be evaluated once the training is done, since that takes little time: a twentieth of that of training, where a gradient
     * is three evaluations, or about a second.
     *
     * @param trained rows of all steps
     */
    long evaluations(long trained) {
        double seconds = operations / 3 / EVALUATION_RATE + EVALUATION;
        return Math.max((long) (0.05 * 3 * trained), (long) (1 / seconds));
    }

    private double compute(double rows) {
        return kernels * KERNEL + rows * operations / RATE;
    }

    /** Seconds of a step next to the data. */
    double nearStep(int rows, int shards) {
        double meeting = shards == 1 ? 0 : shards * (MEETING + parameters * ADDING);
        return compute((double) rows / shards) + parameters * UPDATE + meeting;
    }

    /** Seconds of a job beside its steps. */
    double job() {
        return JOB;
    }

    /** Seconds of a step if each job makes {@code period} of them. */
    double jobStep(int rows, int shards, int period) {
        return compute((double) rows / shards) + parameters * UPDATE + (JOB + parameters * TRAVEL * shards) / period;
    }

    /** Shards to lay the training rows out in, at most as many as tasks run at a time. */
    int shards(int rows, ClusterShape cluster) {
        int best = 1;
        double least = nearStep(rows, 1);
        for (int shards = 2; shards <= cluster.slots(); shards++) {
            double seconds = cluster.oneJvm() ? nearStep(rows, shards) : jobStep(rows, shards, 1);
            if (seconds < WORTH * least) {
                best = shards;
                least = seconds;
            }
        }
        return best;
    }
}

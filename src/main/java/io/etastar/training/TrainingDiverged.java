package io.etastar.training;

import io.etastar.tensor.DType;

/** Training stopped at a loss, gradient or parameter that is not finite; the last good checkpoint is kept. */
public final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;
    private final String checkpoint;

    /**
     * @param step number of the step, from 1
     * @param what was found, with its value
     * @param checkpoint path of the last good checkpoint
     */
    TrainingDiverged(long step, String what, String checkpoint) {
        super("training diverged at step " + step + ": " + what + "; the last good checkpoint is " + checkpoint);
        this.step = step;
        this.checkpoint = checkpoint;
    }

    /**
     * Checks a figure of a step.
     *
     * @throws TrainingDiverged unless it is finite
     */
    static void check(long step, String what, double value, String checkpoint) {
        if (!Double.isFinite(value)) {
            throw new TrainingDiverged(step, what + " is " + value, checkpoint);
        }
    }

    /**
     * Checks parameters [P] as the engine sees them.
     *
     * @param loss of the step, for the message
     * @throws TrainingDiverged unless all are finite
     */
    static void check(long step, double loss, double[] theta, DType type, String checkpoint) {
        for (int i = 0; i < theta.length; i++) {
            double rounded = type == DType.FLOAT ? (float) theta[i] : theta[i];
            if (!Double.isFinite(rounded)) {
                throw new TrainingDiverged(step, "loss " + loss + ", parameter " + i + " is " + rounded, checkpoint);
            }
        }
    }

    /** Number of the step, from 1. */
    public long step() {
        return step;
    }

    /** Path of the last good checkpoint. */
    public String checkpoint() {
        return checkpoint;
    }
}

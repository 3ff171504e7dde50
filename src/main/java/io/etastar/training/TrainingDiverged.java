package io.etastar.training;

/** Training came upon a loss, gradient or parameter that is not finite, and stopped; the last good checkpoint is kept. */
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

    /** Number of the step, from 1. */
    public long step() {
        return step;
    }

    /** Path of the last good checkpoint. */
    public String checkpoint() {
        return checkpoint;
    }
}

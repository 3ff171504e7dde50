package io.etastar.experiment;

/** Takes the losses of a run as they come. */
public interface StepLosses {
    /** Forgets them. */
    StepLosses NONE = (step, loss) -> {};

    /**
     * One step.
     *
     * @param step from 0
     * @param loss mean loss of the step's batch, where the step's gradient was taken
     */
    void step(long step, double loss);
}

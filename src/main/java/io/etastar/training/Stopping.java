package io.etastar.training;


/**
 * When a run ends, and which epoch's parameters become the model.
 *
 * @param epochs passes over the training rows, at least 1
 * @param maxSteps steps after which the run ends though epochs are left; 0 for no such end
 * @param tolerance relative change of the training loss from one epoch to the next below which the run ends; 0 for none
 * @param patience epochs without a lower validation loss after which the run ends, its model then being that of the lowest;
 *     0 to keep the last epoch's. Only runs with test rows have patience
 */
public record Stopping(int epochs, int maxSteps, double tolerance, int patience) {
    /** A run that never ends early and keeps its last parameters. */
    public static Stopping after(int epochs, int maxSteps) {
        return new Stopping(epochs, maxSteps, 0, 0);
    }

    /** This length, with early stopping. */
    public Stopping early(double tolerance, int patience) {
        return new Stopping(epochs, maxSteps, tolerance, patience);
    }

    /** Most steps of a run whose epochs have so many. */
    public long steps(long stepsPerEpoch) {
        long steps = epochs * stepsPerEpoch;
        return maxSteps == 0 ? steps : Math.min(steps, maxSteps);
    }
}

package io.etastar.training;

import io.etastar.report.EpochMetrics;

/**
 * When a run ends, and which epoch's parameters become the model.
 *
 * @param epochs passes over the training rows; 0 for no step
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

    /**
     * A watch over one run, from its first epoch in this process on.
     *
     * @param tested whether the run has test rows
     */
    Watch watch(boolean tested) {
        return new Watch(tested && patience > 0);
    }

    /** Follows the epochs of one run. */
    final class Watch {
        private final boolean patient;
        private int epochsSeen;
        private int best;
        private double lowest;
        private int keptEpoch;
        private double trainLoss;
        private boolean ends;

        private Watch(boolean patient) {
            this.patient = patient;
        }

        /** Takes the next epoch in; whether the parameters at its end are the model, unless a later epoch's are. */
        boolean keeps(EpochMetrics metrics) {
            int index = epochsSeen++;
            boolean keeps = !patient || index == 0 || metrics.testLoss() < lowest;
            if (keeps) {
                best = index;
                lowest = metrics.testLoss();
                keptEpoch = metrics.epoch();
            }
            ends = patient && index - best >= patience || index > 0 && isSettled(trainLoss, metrics.trainLoss());
            trainLoss = metrics.trainLoss();
            return keeps;
        }

        /** What {@link #resume} takes; null if the run does not end early. */
        double[] state() {
            return patient || tolerance > 0
                    ? new double[] {epochsSeen, best, lowest, keptEpoch, trainLoss, ends ? 1 : 0}
                    : null;
        }

        /** Goes on where another watch of the same run has been. */
        void resume(double[] state) {
            epochsSeen = (int) state[0];
            best = (int) state[1];
            lowest = state[2];
            keptEpoch = (int) state[3];
            trainLoss = state[4];
            ends = state[5] == 1;
        }

        private boolean isSettled(double before, double now) {
            return Math.abs(before - now) < tolerance * Math.max(Math.abs(before), Math.abs(now));
        }

        /** Whether the last epoch is the run's last, though others were planned. */
        boolean ends() {
            return ends;
        }

        /** The epoch, from 1, whose parameters are the model; 0 before the first. */
        int keptEpoch() {
            return keptEpoch;
        }
    }
}

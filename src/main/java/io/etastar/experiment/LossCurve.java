package io.etastar.experiment;

import java.util.ArrayList;
import java.util.List;

/** Means of losses over equal parts of a run, a hundred of them. */
final class LossCurve implements Experiment.StepLosses {
    private static final int POINTS = 100;

    private final List<Double> x = new ArrayList<>();
    private final List<Double> y = new ArrayList<>();
    private final long each;
    private double sum;

    /** @param steps of the run */
    LossCurve(long steps) {
        each = Math.max(1, steps / POINTS);
    }

    @Override
    public void step(long step, double loss) {
        sum += loss;
        if ((step + 1) % each == 0) {
            x.add(step + 1.0);
            y.add(sum / each);
            sum = 0;
        }
    }

    /** Steps made at the end of each part. */
    double[] x() {
        return x.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Mean losses of the parts. */
    double[] y() {
        return y.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

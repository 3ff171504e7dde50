package io.etastar.training;

import io.etastar.data.Standardisation;
import io.etastar.partition.ParameterLayout;

/** Parameters of a network whose last dense layer gives standardised targets, and of the same one that gives them as they are. */
final class TargetUnits {
    private TargetUnits() {}

    /** Parameters [P] that give targets as they are: W sigma and b sigma + mean in place of W and b; theta itself without targets. */
    static double[] unscaled(double[] theta, ParameterLayout layout, Standardisation targets) {
        if (targets == null) {
            return theta;
        }
        double[] taken = theta.clone();
        int bias = layout.count() - 1;
        for (int i = layout.offset(bias - 1); i < taken.length; i++) {
            taken[i] *= targets.deviation()[0];
        }
        for (int i = 0; i < layout.length(bias); i++) {
            taken[layout.offset(bias) + i] += targets.mean()[i];
        }
        return taken;
    }

    /** The inverse: W / sigma and (b - mean) / sigma; theta itself without targets. */
    static double[] scaled(double[] theta, ParameterLayout layout, Standardisation targets) {
        if (targets == null) {
            return theta;
        }
        double[] taken = theta.clone();
        int bias = layout.count() - 1;
        for (int i = 0; i < layout.length(bias); i++) {
            taken[layout.offset(bias) + i] -= targets.mean()[i];
        }
        for (int i = layout.offset(bias - 1); i < taken.length; i++) {
            taken[i] /= targets.deviation()[0];
        }
        return taken;
    }
}

package io.etastar.optimizer.newton;

import io.etastar.optimizer.State;
import io.etastar.settings.NewtonSettings.PlateauSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reduces damping or damping_int on a plateau: after an epoch whose mean training loss is not below best (1 - threshold),
 * more than {@code patience} times in a row, the value is multiplied by {@code factor} and best becomes that epoch's loss.
 * Losses below 0 count as better if they are below best (1 + threshold).
 */
final class Plateau {
    private static final String BEST = "best";
    private static final String BAD = "bad_epochs";
    private static final String SCALE = "scale";

    private final PlateauSettings settings;
    private double best = Double.POSITIVE_INFINITY;
    private int bad;
    private double scale = 1;

    Plateau(PlateauSettings settings) {
        this.settings = settings;
    }

    void endEpoch(double loss) {
        if (settings.of().equals("none")) {
            return;
        }
        if (best == Double.POSITIVE_INFINITY || loss < best - settings.threshold() * Math.abs(best)) {
            best = loss;
            bad = 0;
        } else if (++bad > settings.patience()) {
            scale *= settings.factor();
            best = loss;
            bad = 0;
        }
    }

    /** Factor on damping so far. */
    double damping() {
        return settings.of().equals("damping") ? scale : 1;
    }

    /** Factor on damping_int so far. */
    double dampingInt() {
        return settings.of().equals("damping_int") ? scale : 1;
    }

    Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(BEST, new double[] {best});
        state.put(BAD, State.count(bad));
        state.put(SCALE, new double[] {scale});
        return state;
    }

    void restore(Map<String, double[]> state) {
        double[] restoredBest = State.array(state, BEST, 1);
        double[] restoredScale = State.array(state, SCALE, 1);
        bad = (int) State.count(state, BAD);
        best = restoredBest[0];
        scale = restoredScale[0];
    }
}

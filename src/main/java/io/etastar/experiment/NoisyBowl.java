package io.etastar.experiment;

import io.etastar.UserError;
import io.etastar.figure.LineChart;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.Preconditioner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The noisy quadratic bowl of arXiv 2210.06171, and what its section 4 says of learned inverse Hessians.
 *
 * <p>Figures: {@code mean_loss}, or {@code scaled_loss_S} for each of several deviations S; of lodo {@code hessian_error}, |I - G H| /
 * sqrt(P) in Frobenius' norm at the end; of a saddle point {@code distance} from it along negative curvature; {@code
 * frozen_loss} after steps on another bowl with a G that is not learned any more.
 */
final class NoisyBowl extends ClosedFormExperiment {
    static final String ERROR = "hessian-error";
    static final String DISTANCE = "distance";
    private static final String LEARNED = "learned";

    private final ExperimentFile file;
    private final int size;
    private final double sigma;

    NoisyBowl(ExperimentFile file, RunContext context) {
        super(file, context);
        this.file = file;
        size = file.integer("dimension");
        sigma = file.number("sigma");
    }

    @Override
    ClosedForm function(long seed) {
        return bowl(sigma, seed);
    }

    private Bowl bowl(double deviation, long seed) {
        return new Bowl(size, file.number("least_eigenvalue"), deviation, file.integer("negative"), seed);
    }

    @Override
    double[] start() {
        return new double[size];
    }

    @Override
    String references() {
        return BowlReferences.NAMES;
    }

    @Override
    @Nullable
    Optimizer reference(String name, ClosedForm function) {
        return BowlReferences.create(name, (Bowl) function);
    }

    @Override
    public Outcome run(OptimizerEntry entry, long seed, Experiment.StepLosses losses) {
        List<Double> sigmas = file.list("sigmas", Double.class);
        if (sigmas.isEmpty()) {
            return super.run(entry, seed, losses);
        }
        Outcome all = new Outcome();
        double[] x = new double[sigmas.size()];
        double[] y = new double[sigmas.size()];
        for (int i = 0; i < x.length; i++) {
            double deviation = sigmas.get(i);
            Outcome one = run(entry, seed, bowl(deviation, seed), losses);
            x[i] = Math.log10(deviation);
            y[i] = one.get("mean_loss") / deviation / deviation;
            all.with("scaled_loss_" + deviation, y[i]);
        }
        return all.withCurve("noise", x, y);
    }

    @Override
    void begin(Optimizer optimizer, ClosedForm function) {
        if (!(Boolean) file.value("begin_at_newton") || !(optimizer instanceof Preconditioner)) {
            return;
        }
        Map<String, double[]> state = new LinkedHashMap<>(optimizer.state());
        double[] learned = state.get(LEARNED);
        if (learned == null || learned.length != size * size) {
            throw new UserError(
                    UserError.Subject.setting("begin_at_newton"),
                    "a learned inverse of another kind",
                    "an optimizer lodo with lodo.kind = dense");
        }
        state.put(LEARNED, ((Bowl) function).inverse());
        optimizer.restore(state);
    }

    @Override
    Watch watch(OptimizerEntry entry, Optimizer optimizer, ClosedForm function) {
        List<Watch> watches = new ArrayList<>();
        int every = Math.max(1, steps() / 100);
        Bowl bowl = (Bowl) function;
        if (file.integer("negative") > 0) {
            watches.add(new BowlWatches.Distance(bowl, every));
        }
        if (optimizer instanceof Preconditioner learned) {
            watches.add(new BowlWatches.HessianError(learned, bowl, every));
            int frozen = file.integer("frozen_steps");
            if (frozen > 0) {
                double beta = entry.settings().lodo().beta();
                // A rotation that no run of these seeds has seen.
                Bowl other = bowl(sigma, file.firstSeed() - 1L - file.seeds());
                watches.add(new BowlWatches.Frozen(learned, other, beta, frozen));
            }
        }
        return new BowlWatches.All(watches);
    }

    @Override
    public List<Chart> charts() {
        List<Chart> charts = new ArrayList<>(super.charts());
        charts.add(new Chart(
                ERROR,
                "error of the learned inverse Hessian",
                "steps",
                new LineChart.Axis("|I - G H| / sqrt(P)", true)));
        charts.add(new Chart(
                DISTANCE,
                "distance from the saddle point along negative curvature",
                "steps",
                new LineChart.Axis("distance", true)));
        charts.add(new Chart(
                "noise",
                "loss by noise",
                "log10 of the centre's deviation",
                new LineChart.Axis("mean loss / sigma^2", true)));
        return charts;
    }
}

package io.etastar.optimizer.lbfgs;

import static breeze.optimize.LBFGS.ApproximateInverseHessian;

import breeze.linalg.DenseVector;
import breeze.math.MutableInnerProductModule;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Vector$;

/**
 * L-BFGS with a line search for the strong Wolfe conditions (D. Liu, J. Nocedal, Mathematical Programming 45, 1989), by Breeze.
 *
 * <p>One iteration a step; each point that the line search tries costs one gradient. The loss must be the same function at all
 * steps: what is known of the point that a step ends at serves the next one. A line search that fails is tried once more down
 * the gradient; when that fails too, which is logged and counted, or the gradient is 0, theta stays where it is at all later
 * steps, at no cost.
 */
public final class Lbfgs implements Optimizer {
    private static final Logger LOG = LoggerFactory.getLogger(Lbfgs.class);
    private static final String ITERATIONS = "iterations";
    private static final String FINISHED = "finished";
    private static final String FAILURES = "failed_searches";

    private final int size;
    private final double weightDecay;
    private final MutableInnerProductModule<DenseVector<Object>, Object> space = VectorSpace.create();
    private final LBFGS<DenseVector<Object>> breeze;
    private final int memory;
    private final CurvaturePairs pairs;
    private Evaluation point;
    private int iterations;
    private boolean finished;
    private long failures;

    public Lbfgs(OptimizerSettings settings, int size) {
        this.size = size;
        weightDecay = settings.base().weightDecay();
        memory = settings.lbfgs().memory();
        breeze = new LBFGS<>(-1, memory, 0, space);
        pairs = new CurvaturePairs(memory, size);
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        if (point == null || !Arrays.equals(point.theta(), theta)) {
            point = Evaluation.of(objective, theta, step, weightDecay);
            pairs.keep(0);
            iterations = 0;
            finished = false;
        }
        Evaluation before = point;
        if (!finished) {
            double norm = ParameterVectors.euclidean(before.gradient());
            if (norm > 0 && norm < Double.POSITIVE_INFINITY) {
                iterate(objective, step);
                System.arraycopy(point.theta(), 0, theta, 0, size);
            } else {
                finished = true;
            }
        }
        return new StepResult(before.loss(), before.gradientNorm(), null);
    }

    private void iterate(Objective objective, long step) {
        BreezeFunction function =
                new BreezeFunction(theta -> Evaluation.of(objective, theta, step, weightDecay), point);
        Iterator<FirstOrderMinimizer.State<DenseVector<Object>, Object, Object>> states =
                breeze.infiniteIterations(function.differentiable(), breezeState());
        FirstOrderMinimizer.State<DenseVector<Object>, Object, Object> state = states.next();
        while (state.iter() == iterations && !state.searchFailed()) {
            state = states.next();
        }
        if (state.searchFailed()) {
            finished = true;
            failures++;
            LOG.warn(
                    "l-bfgs stays where it is from step {} on, at a gradient of norm {}: its line search finds no"
                            + " lower loss",
                    step + 1,
                    ParameterVectors.euclidean(point.gradient()));
            return;
        }
        iterations = state.iter();
        point = function.at(BreezeFunction.array(state.x()));
        remember((ApproximateInverseHessian<?>) state.history());
    }

    /** Takes the newest pair over; a search that was tried again has forgotten all others. */
    @SuppressWarnings("unchecked")
    private void remember(ApproximateInverseHessian<?> history) {
        pairs.keep(history.historyLength() - 1);
        pairs.add(
                BreezeFunction.array((DenseVector<Object>) history.memStep().head()),
                BreezeFunction.array(
                        (DenseVector<Object>) history.memGradDelta().head()));
    }

    private FirstOrderMinimizer.State<DenseVector<Object>, Object, Object> breezeState() {
        ApproximateInverseHessian<DenseVector<Object>> history =
                new ApproximateInverseHessian<>(memory, Vector$.MODULE$.empty(), Vector$.MODULE$.empty(), space);
        for (int age = pairs.count() - 1; age >= 0; age--) {
            history = history.updated(
                    BreezeFunction.vector(pairs.step(age)), BreezeFunction.vector(pairs.difference(age)));
        }
        DenseVector<Object> gradient = BreezeFunction.vector(point.gradient());
        return new FirstOrderMinimizer.State<>(
                BreezeFunction.vector(point.theta()),
                point.value(),
                gradient,
                point.value(),
                gradient,
                iterations,
                point.value(),
                history,
                breeze.convergenceCheck().initialInfo(),
                false,
                Option.empty());
    }

    /** Line searches so far, restarts included, that found no step. */
    @Override
    public long noSolution() {
        return failures;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(ITERATIONS, State.count(iterations));
        state.put(FINISHED, State.count(finished ? 1 : 0));
        state.put(FAILURES, State.count(failures));
        pairs.putInto(state);
        if (point != null) {
            point.putInto(state);
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        long restoredIterations = State.count(state, ITERATIONS);
        boolean restoredFinished = State.count(state, FINISHED) == 1;
        long restoredFailures = State.count(state, FAILURES);
        Evaluation restoredPoint = Evaluation.from(state, size);
        pairs.restore(state);
        point = restoredPoint;
        iterations = (int) restoredIterations;
        finished = restoredFinished;
        failures = restoredFailures;
    }
}

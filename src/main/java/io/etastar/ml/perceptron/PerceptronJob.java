package io.etastar.ml.perceptron;

import com.typesafe.config.ConfigFactory;
import io.etastar.UserError;
import io.etastar.settings.Configuration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;

/**
 * MLlib's Params as a job; docs/spark-ml.md has the table.
 *
 * @param params Estimator whose Params they are
 */
record PerceptronJob(MultilayerPerceptronClassifier params) {
    /** Steps on batches over all rows once do more than so many of L-BFGS, each of which takes all rows. */
    private static final int ITERATIONS_OF_A_PASS = 20;

    /** Small tables get so many steps at least. */
    private static final int STEPS_OF_AN_ITERATION = 2;

    /** What a Param is called in a job. */
    private static final Map<String, String> KEYS = Map.of(
            "model.layers", "layers",
            "model.classes", "layers",
            "optimizer.lr", "stepSize",
            "training.micro_batch", "blockSize");

    /** The job; rows of a step and shards are left to the plan. */
    Configuration configuration() {
        Map<String, Object> keys = new HashMap<>();
        keys.put("seed", (int) Math.floorMod(params.getSeed(), (long) Integer.MAX_VALUE));
        keys.put("model.layers", Arrays.stream(params.getLayers()).boxed().toList());
        keys.put("model.activation", "tanh");
        keys.put("data.standardise", true);
        keys.put("report.measure_decrease", false);
        if (params.isSet(params.blockSize())) {
            keys.put("training.micro_batch", params.getBlockSize());
        }
        if (params.getSolver().equals("gd")) {
            keys.put("optimizer.name", "sgd");
            keys.put("optimizer.lr", params.getStepSize());
        }
        return Configuration.of(params.uid(), ConfigFactory.parseMap(keys, params.uid()));
    }

    /**
     * Passes over the rows: one for twenty iterations, or more until there are two steps for each iteration, which tables of fewer than
     * some 4000 rows need, but never more than iterations.
     */
    int passes(long stepsOfAPass) {
        long iterations = params.getMaxIter();
        long enough = Math.max(
                ceilDiv(iterations, ITERATIONS_OF_A_PASS), ceilDiv(iterations * STEPS_OF_AN_ITERATION, stepsOfAPass));
        return (int) Math.min(iterations, enough);
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** Relative change of the loss between two passes below which training ends; 0, for never, if it is not set. */
    double tolerance() {
        return params.isSet(params.tol()) ? params.getTol() : 0;
    }

    /**
     * The weights to start from, in MLlib's layout; kept by the caller.
     *
     * @throws IllegalArgumentException if they are not as many as the layers have
     */
    double[] initialWeights() {
        double[] weights = params.getInitialWeights().toArray();
        int expected = PerceptronWeights.count(params.getLayers());
        if (weights.length != expected) {
            throw new IllegalArgumentException(params.uid() + ": parameter initialWeights: found " + weights.length
                    + " weights, expected " + expected + ", those of layers " + Arrays.toString(params.getLayers()));
        }
        return weights;
    }

    /** What a mistake is about, with the name of a Param in place of a job key. */
    String named(UserError.Subject subject) {
        boolean known = subject.kind() == UserError.Subject.Kind.SETTING && KEYS.containsKey(subject.name());
        return known ? params.uid() + ": parameter " + KEYS.get(subject.name()) : subject.toString();
    }
}

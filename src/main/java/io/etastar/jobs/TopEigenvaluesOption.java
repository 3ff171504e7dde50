package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.curvature.Lanczos;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;

/** The option --top-eigenvalues: its value and the eigenvalues. */
final class TopEigenvaluesOption {
    private static final int MOST = 100;
    private static final long SEED = 1;
    /** The relative residual: errors of eigenvalues are about its square, and products in single precision carry noise. */
    private static final double TOLERANCE = 1e-8;

    private static final double SINGLE_TOLERANCE = 1e-4;

    private TopEigenvaluesOption() {}

    /**
     * The number of eigenvalues.
     *
     * @param parameters P
     * @throws UserError if {@code text} is no number in range
     */
    static int parse(String text, int parameters) {
        int most = Math.min(MOST, Lanczos.largestCount(parameters));
        int count = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (count < 1 || count > most) {
            throw new UserError(
                    UserError.Subject.option("top-eigenvalues"),
                    "'" + text + "'",
                    "a whole number from 1 to " + most + " for " + parameters + " parameters");
        }
        return count;
    }

    /** Eigenvalues of largest magnitude of the full Hessian of the mean loss over {@code data}, one pass for each product. */
    static Lanczos.TopEigenvalues find(
            DistributedPass passes, ShardedData data, double[] theta, int count, DType type) {
        double tolerance = type == DType.DOUBLE ? TOLERANCE : SINGLE_TOLERANCE;
        return Lanczos.find(
                v -> passes.evaluate(new Quantity.HessianVector(), data, Point.along(theta, v))
                        .meanProduct(),
                theta.length,
                count,
                Lanczos.Which.MAGNITUDE,
                tolerance,
                SEED);
    }
}

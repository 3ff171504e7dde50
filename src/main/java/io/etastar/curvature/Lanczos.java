package io.etastar.curvature;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The k outermost eigenvalues of a symmetric operator from its products with vectors: ARPACK's implicitly restarted Lanczos
 * method with full reorthogonalisation.
 *
 * <p>Memory: max(2k + 1, 20) vectors of P doubles (no more than P of them), and a few more. ARPACK keeps state between calls,
 * so one search runs at a time in a JVM; an operator must not start a search. An eigenvalue that is repeated exactly is found
 * as often as rounding brings its vectors in: nothing can see the multiplicity in a sequence of products.
 */
public final class Lanczos {
    /** Which end of the spectrum. */
    public enum Which {
        /** Largest in magnitude. */
        MAGNITUDE("LM"),
        /** Algebraically largest. */
        LARGEST("LA"),
        /** Algebraically smallest. */
        SMALLEST("SA");

        private final String code;

        Which(String code) {
            this.code = code;
        }
    }

    private static final int LEAST_VECTORS = 20;
    /** The least tolerance that is asked of residuals: 2^-52 to the power 2/3, as ARPACK has it. */
    private static final double ROUNDING = Math.cbrt(Math.ulp(1.0) * Math.ulp(1.0));

    private Lanczos() {}

    /** The most eigenvalues that can be asked for: size - 1, and less if the vectors would not fit in one array. */
    public static int largestCount(int size) {
        return Math.min(size - 1, (Integer.MAX_VALUE / Math.max(1, size) - 1) / 2);
    }

    /**
     * Finds {@code count} eigenvalues.
     *
     * @param operator v -> H v; gives a new array and keeps none of its argument
     * @param size P
     * @param count k, from 1 to {@link #largestCount}
     * @param which end of the spectrum
     * @param tolerance of an eigenvalue's residual, relative to its magnitude; 0 is rounding
     * @param seed of the first vector
     * @return what converged; nothing if a product was not finite
     * @throws IllegalArgumentException if the count is out of range
     * @throws IllegalStateException if an operator of another search calls this
     */
    public static TopEigenvalues find(
            UnaryOperator<double[]> operator, int size, int count, Which which, double tolerance, long seed) {
        if (count < 1 || count > largestCount(size)) {
            throw new IllegalArgumentException(
                    count + " eigenvalues of " + size + ", expected 1 to " + largestCount(size));
        }
        // The lock would let the same thread in again, into the state of the search that is under way.
        if (Thread.holdsLock(Lanczos.class)) {
            throw new IllegalStateException("an operator must not start a search of its own");
        }
        int vectors = Math.min(size, Math.max(2 * count + 1, LEAST_VECTORS));
        synchronized (Lanczos.class) {
            Arpack search = new Arpack(operator, Arpack.start(size, seed), count, vectors, which.code, tolerance);
            int found = search.search();
            double[] values = found == 0 ? new double[0] : search.extract();
            int[] order = IntStream.range(0, found)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -Math.abs(values[i])))
                    .mapToInt(Integer::intValue)
                    .toArray();
            double[] residuals = Arrays.stream(order)
                    .mapToDouble(i -> residual(operator, search.vector(i), values[i]))
                    .toArray();
            double[] sorted = Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
            boolean converged = found == count && small(residuals, sorted, tolerance);
            return new TopEigenvalues(sorted, residuals, search.products(), converged);
        }
    }

    /** Products with noise keep the search's own estimates small, but not these. */
    private static boolean small(double[] residuals, double[] values, double tolerance) {
        double bound = 10 * Math.max(tolerance, ROUNDING) * Math.abs(values[0]);
        return Arrays.stream(residuals).allMatch(residual -> residual <= bound);
    }

    private static double residual(UnaryOperator<double[]> operator, double[] vector, double value) {
        double[] product = operator.apply(vector.clone());
        double sum = 0;
        for (int p = 0; p < vector.length; p++) {
            double difference = product[p] - value * vector[p];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /**
     * Outermost eigenvalues of a symmetric operator H.
     *
     * @param values found, at most as many as asked for, by falling magnitude
     * @param residuals |H x - value x| for each, x its unit eigenvector: a true eigenvalue is at least that close
     * @param iterations products with H that the search took; the residuals take one more for each value
     * @param converged whether all that were asked for were found, with residuals of at most ten times the tolerance in units of
     *     the largest value
     */
    public record TopEigenvalues(double[] values, double[] residuals, int iterations, boolean converged) {}
}

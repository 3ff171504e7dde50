package io.etastar.optimizer.lodo;

/**
 * A symmetric matrix G(phi) [P, P] that takes the place of the inverse Hessian, and the gradient of its use in phi.
 *
 * <p>Arrays are the caller's and are left as they are, but for {@code result}. An instance keeps what {@link #multiply} went
 * through, for one {@link #hypergradient} after it.
 */
public interface LearnedInverse {
    /** phi, what is learned; the instance's own array, to be changed in place. */
    double[] learned();

    /**
     * G(phi) m.
     *
     * @param m [P]
     * @param result [P], overwritten
     */
    void multiply(double[] m, double[] result);

    /**
     * d(-g' G(phi) m) / dphi with the m of the last {@link #multiply}: how the loss after a step -G m changes with phi, to
     * first order.
     *
     * @param g gradient after the step [P]
     * @param result as long as {@link #learned}, overwritten
     */
    void hypergradient(double[] g, double[] result);
}

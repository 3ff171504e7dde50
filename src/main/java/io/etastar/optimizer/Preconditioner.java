package io.etastar.optimizer;

/** An optimizer that multiplies gradients by a matrix G [P, P] in the place of the inverse Hessian, and lets others see it. */
public interface Preconditioner {
    /**
     * G v with the G of the next step; changes nothing of the steps.
     *
     * @param v [P]
     * @param result [P], overwritten
     */
    void precondition(double[] v, double[] result);
}

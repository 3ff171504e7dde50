package io.etastar.solve;

/** Learning rates eta* from the derivatives of a summary; see the package's notation. Stateless. */
public final class EtaSolver {
    private EtaSolver() {}

    /**
     * Solves eta = (H + lambda/2 |D eta| D^2)^-1 g for the solution of largest |D eta|.
     *
     * <p>Numbers are those of a mean loss: a sum over n samples regularises differently. Without a cubic term (D or lambda 0)
     * it is Newton's step. No numbers make it throw: what has no solution is reported as such.
     *
     * @param g first derivatives [S]; left as it is
     * @param h second derivatives [S][S]; its symmetric part is used; left as it is
     * @param order3 diagonal third derivatives [S]; left as it is
     * @param dampingInt lambda, from 0
     * @throws IllegalArgumentException where sizes differ or lambda is negative
     */
    public static EtaSolution solve(double[] g, double[][] h, double[] order3, double dampingInt) {
        check(g, h, order3, dampingInt);
        double[][] symmetric = symmetricPart(h);
        if (!Double.isFinite(dampingInt) || !finite(g, symmetric, order3)) {
            return EtaSolution.none(SolverCase.NON_FINITE);
        }
        double[] d = new double[g.length];
        boolean cubic = false;
        for (int s = 0; s < d.length; s++) {
            d[s] = Math.cbrt(Math.abs(order3[s]));
            cubic |= d[s] > 0 && dampingInt > 0;
        }
        CubicProblem problem = new CubicProblem(g, symmetric, d, 0.5 * dampingInt);
        return cubic ? cubic(problem) : newton(problem);
    }

    private static EtaSolution newton(CubicProblem problem) {
        Cholesky factor = Cholesky.of(problem.h());
        if (factor == null) {
            return EtaSolution.none(SolverCase.NO_SOLUTION);
        }
        double[] eta = factor.solve(problem.g());
        return found(problem, eta, SolverCase.NEWTON);
    }

    private static EtaSolution cubic(CubicProblem problem) {
        Elimination elimination = new Elimination(problem);
        if (!elimination.possible()) {
            return EtaSolution.none(SolverCase.NO_SOLUTION);
        }
        SpectralRoot.Root root = elimination.spectralRoot();
        double[] eta = root == null ? null : Refinement.of(problem, elimination.expand(root.y()));
        if (eta != null) {
            return found(problem, eta, root.hard() ? SolverCase.HARD_CASE : SolverCase.CUBIC);
        }
        double[] estimate = CholeskyRoot.of(problem);
        return found(problem, estimate == null ? null : Refinement.of(problem, estimate), SolverCase.CUBIC);
    }

    private static EtaSolution found(CubicProblem problem, double[] eta, SolverCase solverCase) {
        if (eta == null || !Vectors.finite(eta) || !Double.isFinite(problem.norm(eta))) {
            return EtaSolution.none(SolverCase.NO_SOLUTION);
        }
        return new EtaSolution(eta, problem.norm(eta), solverCase);
    }

    private static void check(double[] g, double[][] h, double[] order3, double dampingInt) {
        boolean square = h.length == g.length && order3.length == g.length;
        for (double[] row : h) {
            square &= row.length == g.length;
        }
        if (!square) {
            throw new IllegalArgumentException("g [" + g.length + "], H [" + h.length + "][], order3 [" + order3.length
                    + "]: sizes differ, or H is not square");
        }
        if (dampingInt < 0) {
            throw new IllegalArgumentException("lambda " + dampingInt + " is negative");
        }
    }

    private static double[][] symmetricPart(double[][] h) {
        double[][] symmetric = new double[h.length][h.length];
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; t < h.length; t++) {
                symmetric[s][t] = 0.5 * h[s][t] + 0.5 * h[t][s];
            }
        }
        return symmetric;
    }

    private static boolean finite(double[] g, double[][] h, double[] order3) {
        boolean finite = Vectors.finite(g) && Vectors.finite(order3);
        for (double[] row : h) {
            finite &= Vectors.finite(row);
        }
        return finite;
    }
}

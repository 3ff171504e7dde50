package io.etastar.optimizer.newton;

import io.etastar.quantity.DerivativeSummary;
import io.etastar.settings.NewtonSettings;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;

/**
 * eta* from the derivatives of a mean loss: cubic (H + lambda_int/2 |D eta| D^2)^-1 g, ridge (H + ridge I)^-1 g,
 * anisotropic-ridge (H + ridge diag(|order3|^(2/3)))^-1 g, newton H^-1 g; with {@code diagonal}, H is replaced by its diagonal first.
 */
final class RateSolver {
    private final String solve;
    private final double ridge;
    private final boolean diagonal;

    RateSolver(NewtonSettings settings) {
        solve = settings.solve().solve();
        ridge = solve.endsWith("ridge") ? settings.solve().ridge() : 0;
        diagonal = settings.solve().diagonal();
    }

    EtaSolution solve(DerivativeSummary of, double dampingInt) {
        double[][] h = of.h();
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; diagonal && t < h.length; t++) {
                h[s][t] = s == t ? h[s][t] : 0;
            }
        }
        return switch (solve) {
            case "cubic" -> EtaSolver.solve(of.g(), h, of.order3(), dampingInt);
            case "anisotropic-ridge" -> EtaSolver.solveAnisotropic(of.g(), h, of.order3(), ridge);
            default -> EtaSolver.solveLinear(of.g(), h, of.order3(), ridge);
        };
    }
}

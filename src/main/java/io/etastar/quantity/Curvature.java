package io.etastar.quantity;

import java.util.Locale;

/**
 * The second derivatives of a summary. With f the network's outputs, l the loss as a function of them and t_s = df/deta_s:
 *
 * <pre>
 * HESSIAN  H_st = &lt;l', d2f/deta_s deta_t&gt; + l''[t_s, t_t]
 * GGN      G_st = l''[t_s, t_t]
 * </pre>
 */
public enum Curvature {
    /** The Hessian of the loss. */
    HESSIAN,
    /**
     * The generalised Gauss-Newton matrix, the Hessian for the network linearised in the learning rates: positive semidefinite where the
     * loss is convex in the outputs, and from first tangents alone. Third derivatives are those of the linearised network as well:
     * l'''[t_s, t_s, t_s], which bounds how far l'' changes, not how far the network bends.
     */
    GGN;

    /** The name in settings and files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The curvature of that name. */
    public static Curvature of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}

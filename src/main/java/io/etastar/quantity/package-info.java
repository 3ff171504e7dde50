/**
 * What can be computed of a model ({@link io.etastar.quantity.Quantity}), over which rows and at which point, and the sums over
 * samples that come back, mergeable in any grouping.
 *
 * <p>Notation (derivatives, not Taylor coefficients; u is the direction, s and t subsets, f(eta) = L(theta + sum_s eta_s
 * u_s)): g_s = df/deta_s, H_st = d2f/deta_s deta_t, order3_s = d3f/deta_s^3, all at eta = 0; D^(d) is the whole tensor of
 * order d. The step is theta_s - eta_s u_s, so that without the third order H eta = g. Uses {@code partition} and {@code
 * tensor.RawArray}.
 */
package io.etastar.quantity;

/**
 * The compiled graph that rules are written against: nodes, ops, the contract of a rule, and the lists of kernels that rules
 * emit. Uses {@code tensor} and {@code io.etastar.graph} alone.
 *
 * <p>Notation: node v has value x_v, adjoint a_v = dL/dx_v, first tangents t_v[s] = dx_v/deta_s and second tangents c_v[s] =
 * d2x_v/deta_s2, stacked on a leading axis over the K subsets that are live at v. Series carry Taylor coefficients x_1 .. x_d
 * along K directions instead.
 */
package io.etastar.taylor.graph;

/**
 * The compiled graph that rules are written against: nodes and ops, what passes over them find, the contract of a rule,
 * catalogues of op definitions, the lists of kernels that rules emit and their buffers. Uses {@code tensor},
 * {@code io.etastar.graph} and {@code partition}.
 *
 * <p>Notation: node v has value x_v, adjoint a_v = dL/dx_v, first tangents t_v[s] = dx_v/deta_s and second tangents c_v[s] =
 * d2x_v/deta_s2, stacked on a leading axis over the K subsets that are live at v. Series carry Taylor coefficients x_1 .. x_d
 * along K directions instead.
 */
package io.etastar.taylor.graph;

/**
 * The engine: loss, gradient and derivative summaries of a graph by one adjoint and stacked tangents.
 *
 * <p>Notation: node v has value x_v, adjoint a_v = dL/dx_v, first tangents t_v[s] = dx_v/deta_s and second tangents c_v[s] =
 * d2x_v/deta_s2, stacked on a leading axis over the K subsets that are live at v. A
 * {@link io.etastar.taylor.SeriesProgram} carries Taylor coefficients x_1 .. x_d along K directions instead. Knows neither
 * Spark nor optimizers.
 */
package io.etastar.taylor;

/**
 * How the parameters are laid out and split.
 *
 * <p>Notation: P parameters theta in tensors that lie one after another in a flat array
 * ({@link io.etastar.partition.ParameterLayout}); S subsets T_1..T_S of whole tensors
 * ({@link io.etastar.partition.Partition}), made by name in {@link io.etastar.partition.Partitions}. Pure Java; every
 * other package may use it.
 */
@NullMarked
package io.etastar.partition;

import org.jspecify.annotations.NullMarked;

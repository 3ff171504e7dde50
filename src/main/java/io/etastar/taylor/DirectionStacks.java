package io.etastar.taylor;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * K stacked directions, each a combination v = sum_s factor_s u_s of one direction's parts: the first Taylor coefficients of
 * the parameters, which have no others.
 *
 * <p>Without a partition there is one part, u itself.
 */
final class DirectionStacks {
    private final ParameterLayout layout;
    private final int[] subsets;
    private final Tensor[] stacks;
    private final double[] scales;
    private double[] direction;

    /** Allocates a stack of {@code count} directions for every active parameter. */
    DirectionStacks(
            ParameterLayout layout, Partition partition, Node[] parameters, Emitter emitter, int count, int order) {
        this.layout = layout;
        subsets = new int[layout.count()];
        stacks = new Tensor[layout.count()];
        scales = new double[partition == null ? 1 : partition.size()];
        direction = new double[layout.size()];
        for (int i = 0; i < stacks.length; i++) {
            subsets[i] = partition == null ? 0 : partition.subsetOf(i);
            if (parameters[i].active) {
                stacks[i] = emitter.kernels().allocate(Shapes.stacked(count, parameters[i].shape));
                Tensor[] series = new Tensor[order];
                series[0] = stacks[i];
                emitter.buffers().setSeries(parameters[i], series);
            }
        }
        rescale();
    }

    /** Takes a copy of u [P]. */
    void set(RawArray u) {
        direction = u.toDoubles();
        rescale();
    }

    private void rescale() {
        double[] squares = new double[scales.length];
        for (int i = 0; i < subsets.length; i++) {
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                squares[subsets[i]] += direction[p] * direction[p];
            }
        }
        for (int s = 0; s < scales.length; s++) {
            scales[s] = inverse(Math.sqrt(squares[s]));
        }
    }

    /** The power of two that brings {@code norm} between 1 and 2. */
    private static double inverse(double norm) {
        return norm < Double.MIN_NORMAL || !(norm < Double.MAX_VALUE) ? 1 : Math.scalb(1, -Math.getExponent(norm));
    }

    /** A power of two such that scale(s) u_s has a norm between 1 and 2, or 1 if u_s is zero. */
    double scale(int subset) {
        return scales[subset];
    }

    /** The like for all of u. */
    double scale() {
        double squares = 0;
        for (double value : direction) {
            squares += value * value;
        }
        return inverse(Math.sqrt(squares));
    }

    /** Number of parts S. */
    int parts() {
        return scales.length;
    }

    /** Writes the direction sum_s factors[s] u_s into slot {@code slot}. */
    void write(int slot, double... factors) {
        for (int i = 0; i < stacks.length; i++) {
            if (stacks[i] == null) {
                continue;
            }
            int length = layout.length(i);
            double factor = factors[subsets[i]];
            double[] values = new double[length];
            for (int p = 0; p < length && factor != 0; p++) {
                values[p] = factor * direction[layout.offset(i) + p];
            }
            stacks[i].write(RawArray.of(values), 0, slot * length, length);
        }
    }
}

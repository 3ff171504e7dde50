package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.LabelDraw;

/** The adjoint of {@link LabelDraw}, by functions that give the same bits on every machine. */
final class LabelDrawLoop implements Kernel {
    private final LabelDraw draw;
    private final int[] rows;
    private final double[] factors;
    private final int width;
    private final double[] z;
    private final double[] adjoint;

    LabelDrawLoop(LabelDraw draw) {
        this.draw = draw;
        rows = HostIndices.of(draw.rows());
        factors = HostDoubles.of(draw.factors());
        width = draw.outputs().length() / rows.length;
        z = new double[width];
        adjoint = new double[width];
    }

    @Override
    public void run() {
        long seed = draw.seed().getAsLong();
        for (int i = 0; i < rows.length; i++) {
            draw.outputs().read(i * width, z, width);
            if (draw.kind() == LabelDraw.Kind.CLASSES) {
                classes(LabelDraw.uniform(seed, rows[i], 0), factors[i]);
            } else {
                elements(seed, rows[i], factors[i]);
            }
            draw.adjoint().write(i * width, adjoint, width);
        }
    }

    private void elements(long seed, int row, double factor) {
        for (int j = 0; j < width; j++) {
            double value = draw.kind() == LabelDraw.Kind.GAUSSIAN
                    ? Math.sqrt(2 * draw.scale()) * normal(seed, row, j)
                    : Math.sqrt(draw.scale()) * bernoulli(z[j], LabelDraw.uniform(seed, row, j));
            adjoint[j] = factor * value;
        }
    }

    private static double bernoulli(double z, double u) {
        double p = 1 / (1 + StrictMath.exp(-z));
        return p - (u < p ? 1 : 0);
    }

    private void classes(double u, double factor) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < width; c++) {
            largest = Math.max(largest, z[c]);
        }
        double total = 0;
        for (int c = 0; c < width; c++) {
            total += StrictMath.exp(z[c] - largest);
        }
        double left = u * total;
        int drawn = -1;
        for (int c = 0; c < width; c++) {
            double p = StrictMath.exp(z[c] - largest);
            left -= p;
            if (drawn < 0 && (left < 0 || c == width - 1)) {
                drawn = c;
            }
            adjoint[c] = factor * (p / total - (drawn == c ? 1 : 0));
        }
    }

    /** Box and Muller's. */
    private static double normal(long seed, int row, int element) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - LabelDraw.uniform(seed, row, 2 * element)));
        return radius * StrictMath.cos(2 * Math.PI * LabelDraw.uniform(seed, row, 2 * element + 1));
    }
}

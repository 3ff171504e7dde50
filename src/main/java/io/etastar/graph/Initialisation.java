package io.etastar.graph;

import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How a model's parameters start: what its layers say, tensor by tensor in layout order, drawn from one seeded stream. */
final class Initialisation {
    /**
     * One tensor's start: N(0, sigma_w^2 / fan), or if {@code fan} is 0 N(constant, deviation^2).
     *
     * @param fan what the variance is divided by
     * @param constant mean if {@code fan} is 0
     * @param deviation standard deviation if {@code fan} is 0; then every element is the mean if it is 0, too
     */
    record Start(double fan, double constant, double deviation) {
        static final Start ZERO = new Start(0, 0, 0);
        static final Start ONE = new Start(0, 1, 0);

        static Start scaled(int fan) {
            return new Start(fan, 0, 0);
        }

        static Start normal(double deviation) {
            return new Start(0, 0, deviation);
        }
    }

    private final List<Start> starts = new ArrayList<>();

    void add(Start start) {
        starts.add(start);
    }

    /** Parameters [P]. */
    double[] draw(ParameterLayout layout, double sigma, long seed) {
        Random random = new Random(seed);
        double[] theta = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            Start start = starts.get(i);
            double deviation = start.fan() == 0 ? start.deviation() : sigma / Math.sqrt(start.fan());
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                theta[p] = start.constant() + (deviation == 0 ? 0 : deviation * random.nextGaussian());
            }
        }
        return theta;
    }
}

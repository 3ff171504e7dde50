package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * f(theta) = (theta - c)'Q(theta - c)/2 + sum_p a_p theta_p^3/6 in theta = scale phi, phi the parameters it is asked for; c
 * moves with the number of the batch. Sums over SAMPLES equal samples.
 */
public class PolynomialObjective implements MethodObjective {
    static final int SAMPLES = 7;

    public final double[][] q;
    public final double[] a;
    public final double[] center;
    public final double[] scale;
    private final ParameterLayout layout;
    private final double noise;

    public PolynomialObjective(
            ParameterLayout layout, double[][] q, double[] a, double[] center, double[] scale, double noise) {
        this.layout = layout;
        this.q = q;
        this.a = a;
        this.center = center;
        this.scale = scale;
        this.noise = noise;
    }

    /** Q = B'B/P + 0.3 I, a of the given size, scale 1. */
    public static PolynomialObjective random(ParameterLayout layout, double cubic, double noise, long seed) {
        Random random = new Random(seed);
        int size = layout.size();
        double[][] b = new double[size][];
        for (int i = 0; i < size; i++) {
            b[i] = random.doubles(size, -1, 1).toArray();
        }
        double[][] q = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    q[i][j] += b[k][i] * b[k][j] / size;
                }
            }
            q[i][i] += 0.3;
        }
        double[] a = random.doubles(size, -1, 1).map(v -> v * cubic).toArray();
        double[] ones = random.doubles(size).map(v -> 1).toArray();
        return new PolynomialObjective(layout, q, a, random.doubles(size, -1, 1).toArray(), ones, noise);
    }

    public PolynomialObjective rescaled(double[] factors) {
        return new PolynomialObjective(layout, q, a, center, factors, noise);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    private double[] theta(double[] phi) {
        double[] theta = phi.clone();
        for (int p = 0; p < theta.length; p++) {
            theta[p] *= scale[p];
        }
        return theta;
    }

    private double[] offset(double[] theta, long batch) {
        Random random = new Random(batch);
        double[] offset = theta.clone();
        for (int p = 0; p < offset.length; p++) {
            offset[p] -= center[p] + noise * random.nextGaussian();
        }
        return offset;
    }

    /** Gradient of the mean loss in phi. */
    public double[] meanGradient(double[] phi, long batch) {
        double[] theta = theta(phi);
        double[] offset = offset(theta, batch);
        double[] gradient = new double[theta.length];
        for (int p = 0; p < gradient.length; p++) {
            double sum = 0.5 * a[p] * theta[p] * theta[p];
            for (int k = 0; k < offset.length; k++) {
                sum += q[p][k] * offset[k];
            }
            gradient[p] = sum * scale[p];
        }
        return gradient;
    }

    private double meanLoss(double[] phi, long batch) {
        double[] theta = theta(phi);
        double[] offset = offset(theta, batch);
        double loss = 0;
        for (int p = 0; p < theta.length; p++) {
            loss += a[p] * theta[p] * theta[p] * theta[p] / 6;
            for (int k = 0; k < theta.length; k++) {
                loss += 0.5 * q[p][k] * offset[p] * offset[k];
            }
        }
        return loss;
    }

    @Override
    public GradientSum gradient(double[] phi, long step) {
        double[] gradient = meanGradient(phi, step);
        for (int p = 0; p < gradient.length; p++) {
            gradient[p] *= SAMPLES;
        }
        return new GradientSum(new LossSum(SAMPLES, SAMPLES * meanLoss(phi, step), 0), RawArray.of(gradient));
    }

    @Override
    public DerivativeSummary summary(double[] phi, double[] direction, Partition partition, long index) {
        double[] theta = theta(phi);
        double[] u = theta(direction);
        double[] gradient = meanGradient(phi, ~index);
        int[] subset = subsets(partition);
        double[] g = new double[partition.size()];
        double[][] h = new double[partition.size()][partition.size()];
        double[] order3 = new double[partition.size()];
        for (int p = 0; p < u.length; p++) {
            g[subset[p]] += SAMPLES * gradient[p] * direction[p];
            order3[subset[p]] += SAMPLES * a[p] * u[p] * u[p] * u[p];
            h[subset[p]][subset[p]] += SAMPLES * a[p] * theta[p] * u[p] * u[p];
            for (int k = 0; k < u.length; k++) {
                h[subset[p]][subset[k]] += SAMPLES * u[p] * q[p][k] * u[k];
            }
        }
        return new DerivativeSummary(SAMPLES, SAMPLES * meanLoss(phi, ~index), g, h, order3);
    }

    @Override
    public LossSum[] losses(double[] phi, double[] direction, double[] rates, long index) {
        LossSum[] sums = new LossSum[rates.length];
        for (int i = 0; i < rates.length; i++) {
            double[] point = phi.clone();
            for (int p = 0; p < point.length; p++) {
                point[p] -= rates[i] * direction[p];
            }
            sums[i] = new LossSum(SAMPLES, SAMPLES * meanLoss(point, ~index), 0);
        }
        return sums;
    }

    @Override
    public HessianVectorSum hessianVector(double[] phi, double[] vector, long step) {
        double[] theta = theta(phi);
        double[] v = theta(vector);
        double[] product = new double[v.length];
        for (int p = 0; p < v.length; p++) {
            product[p] = a[p] * theta[p] * v[p];
            for (int k = 0; k < v.length; k++) {
                product[p] += q[p][k] * v[k];
            }
            product[p] *= SAMPLES * scale[p];
        }
        return new HessianVectorSum(new LossSum(SAMPLES, SAMPLES * meanLoss(phi, step), 0), RawArray.of(product));
    }

    /**
     * Factors of dense layers of one tensor for the weight and the next one for the bias: sums of products of numbers that
     * depend on theta and the batch.
     */
    @Override
    public KroneckerFactors kroneckerFactors(double[] phi, long step, boolean sampled) {
        Random random = new Random(step);
        List<KroneckerFactors.Layer> layers = new ArrayList<>();
        List<RawArray> a = new ArrayList<>();
        List<RawArray> s = new ArrayList<>();
        for (int weight = 0; weight + 1 < layout.count(); weight += 2) {
            int outputs = layout.length(weight + 1);
            int inputs = layout.length(weight) / outputs + 1;
            layers.add(new KroneckerFactors.Layer(weight, weight + 1, inputs, outputs, 1, weight % 4 == 0));
            a.add(products(phi, random, inputs));
            s.add(products(phi, random, outputs));
        }
        return new KroneckerFactors(SAMPLES, layers, a.toArray(new RawArray[0]), s.toArray(new RawArray[0]));
    }

    private static RawArray products(double[] phi, Random random, int side) {
        double[] triangle = new double[KroneckerFactors.length(side)];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[] x = random.doubles(side).map(v -> v + phi[0]).toArray();
            for (int i = 0, at = 0; i < side; i++) {
                for (int j = 0; j <= i; j++) {
                    triangle[at++] += x[i] * x[j];
                }
            }
        }
        return RawArray.of(triangle);
    }

    private int[] subsets(Partition partition) {
        int[] subset = new int[layout.size()];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            for (int k = 0; k < layout.length(tensor); k++) {
                subset[layout.offset(tensor) + k] = partition.subsetOf(tensor);
            }
        }
        return subset;
    }
}

package io.etastar.optimizer;

import io.etastar.data.format.NpzFile;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A tanh perceptron with cross-entropy on recorded batches. Gradients by backpropagation; summaries by third-order Taylor
 * arithmetic along single subsets and sums of two, which gives mixed derivatives by polarisation.
 */
final class PerceptronObjective implements MethodObjective {
    private final int[] layers;
    private final Map<String, NpzFile.Array> batches;
    private final ParameterLayout layout;

    PerceptronObjective(int[] layers, Map<String, NpzFile.Array> batches) {
        this.layers = layers;
        this.batches = batches;
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i + 1 < layers.length; i++) {
            names.add("layers." + i + ".weight");
            shapes.add(new int[] {layers[i], layers[i + 1]});
            names.add("layers." + i + ".bias");
            shapes.add(new int[] {layers[i + 1]});
        }
        layout = new ParameterLayout(names, shapes);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public GradientSum gradient(double[] theta, long step) {
        int rows = batches.get("y").shape()[1];
        double[] gradient = new double[theta.length];
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            loss += backpropagate(theta, sample("x", step, row), label("y", step, row), gradient, null, null);
        }
        return new GradientSum(new LossSum(rows, loss, 0), RawArray.of(gradient));
    }

    /** The empirical ones. */
    @Override
    public KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        int rows = batches.get("y").shape()[1];
        List<KroneckerFactors.Layer> dense = new ArrayList<>();
        double[][] a = new double[layers.length - 1][];
        double[][] s = new double[layers.length - 1][];
        for (int i = 0; i < a.length; i++) {
            dense.add(new KroneckerFactors.Layer(2 * i, 2 * i + 1, layers[i] + 1, layers[i + 1], 1, true));
            a[i] = new double[KroneckerFactors.length(layers[i] + 1)];
            s[i] = new double[KroneckerFactors.length(layers[i + 1])];
        }
        for (int row = 0; row < rows; row++) {
            backpropagate(theta, sample("x", step, row), label("y", step, row), new double[theta.length], a, s);
        }
        RawArray[] sumA = Arrays.stream(a).map(RawArray::of).toArray(RawArray[]::new);
        RawArray[] sumS = Arrays.stream(s).map(RawArray::of).toArray(RawArray[]::new);
        return new KroneckerFactors(rows, dense, sumA, sumS);
    }

    private static void addProducts(double[] triangle, double... x) {
        for (int i = 0, at = 0; i < x.length; i++) {
            for (int j = 0; j <= i; j++) {
                triangle[at++] += x[i] * x[j];
            }
        }
    }

    private double[] sample(String name, long batch, int row) {
        int[] shape = batches.get(name).shape();
        int from = ((int) batch * shape[1] + row) * shape[2];
        return Arrays.copyOfRange(batches.get(name).values(), from, from + shape[2]);
    }

    private int label(String name, long batch, int row) {
        return (int) batches.get(name).values()[(int) batch * batches.get(name).shape()[1] + row];
    }

    private double backpropagate(
            double[] theta, double[] x, int label, double[] gradient, double[][] factorA, double[][] factorS) {
        int depth = layers.length - 1;
        double[][] h = new double[depth + 1][];
        h[0] = x;
        for (int i = 0; i < depth; i++) {
            h[i + 1] = new double[layers[i + 1]];
            for (int k = 0; k < layers[i + 1]; k++) {
                double z = theta[layout.offset(2 * i + 1) + k];
                for (int j = 0; j < layers[i]; j++) {
                    z += h[i][j] * theta[layout.offset(2 * i) + j * layers[i + 1] + k];
                }
                h[i + 1][k] = i + 1 < depth ? Math.tanh(z) : z;
            }
        }
        double total = 0;
        for (double z : h[depth]) {
            total += Math.exp(z);
        }
        double[] adjoint = new double[layers[depth]];
        for (int k = 0; k < adjoint.length; k++) {
            adjoint[k] = Math.exp(h[depth][k]) / total - (k == label ? 1 : 0);
        }
        for (int i = depth - 1; i >= 0; i--) {
            if (factorA != null) {
                double[] input = Arrays.copyOf(h[i], h[i].length + 1);
                input[h[i].length] = 1;
                addProducts(factorA[i], input);
                addProducts(factorS[i], adjoint);
            }
            double[] below = new double[layers[i]];
            for (int k = 0; k < layers[i + 1]; k++) {
                gradient[layout.offset(2 * i + 1) + k] += adjoint[k];
                for (int j = 0; j < layers[i]; j++) {
                    int w = layout.offset(2 * i) + j * layers[i + 1] + k;
                    gradient[w] += adjoint[k] * h[i][j];
                    below[j] += adjoint[k] * theta[w] * (1 - h[i][j] * h[i][j]);
                }
            }
            adjoint = below;
        }
        return Math.log(total) - h[depth][label];
    }

    @Override
    public DerivativeSummary summary(double[] theta, double[] u, Partition partition, long index) {
        int size = partition.size();
        double[] g = new double[size];
        double[][] h = new double[size][size];
        double[] order3 = new double[size];
        double loss = 0;
        for (int s = 0; s < size; s++) {
            Jet along = loss(theta, u, partition, s, s, index);
            loss = along.f();
            g[s] = along.d1();
            h[s][s] = along.d2();
            order3[s] = along.d3();
        }
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < s; t++) {
                double both = loss(theta, u, partition, s, t, index).d2();
                h[s][t] = h[t][s] = 0.5 * (both - h[s][s] - h[t][t]);
            }
        }
        return new DerivativeSummary(batches.get("hg_y").shape()[1], loss, g, h, order3);
    }

    /** Summed loss of theta + e u restricted to subsets s and t. */
    private Jet loss(double[] theta, double[] u, Partition partition, int s, int t, long index) {
        Jet[] moved = new Jet[theta.length];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            int subset = partition.subsetOf(tensor);
            double live = subset == s || subset == t ? 1 : 0;
            for (int k = 0; k < layout.length(tensor); k++) {
                int p = layout.offset(tensor) + k;
                moved[p] = new Jet(theta[p], live * u[p], 0, 0);
            }
        }
        Jet sum = Jet.constant(0);
        for (int row = 0; row < batches.get("hg_y").shape()[1]; row++) {
            sum = sum.plus(loss(moved, sample("hg_x", index, row), label("hg_y", index, row)));
        }
        return sum;
    }

    private Jet loss(Jet[] theta, double[] x, int label) {
        Jet[] h = Arrays.stream(x).mapToObj(Jet::constant).toArray(Jet[]::new);
        for (int i = 0; i + 1 < layers.length; i++) {
            Jet[] next = new Jet[layers[i + 1]];
            for (int k = 0; k < next.length; k++) {
                Jet z = theta[layout.offset(2 * i + 1) + k];
                for (int j = 0; j < h.length; j++) {
                    z = z.plus(h[j].times(theta[layout.offset(2 * i) + j * next.length + k]));
                }
                next[k] = i + 2 < layers.length ? z.tanh() : z;
            }
            h = next;
        }
        Jet total = Jet.constant(0);
        for (Jet z : h) {
            total = total.plus(z.exp());
        }
        return total.log().minus(h[label]);
    }
}

package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.quantity.LossSum;
import io.etastar.taylor.graph.Buffers;
import io.etastar.taylor.graph.Dropout;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowMask;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.SampleSums;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** Where the rows of a micro-batch go in and their losses come out. */
final class SampleBuffers {
    private final int batch;
    private final boolean classes;
    private final Buffers buffers;
    private final Tensor features;
    private final Tensor targets;
    private final Node output;
    private final Node loss;
    /** Subsets whose direction changes the loss. */
    private final int[] lossSubsets;

    private final Tensor weights;
    private final RowMask present;
    private final Dropout dropout;
    private final Kernels kernels;
    private final Doubles sums;
    /** Rows of the last micro-batch, if all had weight 1; else -1. */
    private int unweighted = -1;

    /** Allocates the placeholders and the samples' weights, which are the loss's adjoint. */
    SampleBuffers(ProgramGraph graph, Kernels kernels, Buffers buffers) {
        Model model = graph.model();
        this.buffers = buffers;
        this.kernels = kernels;
        sums = kernels.allocateDoubles(SampleSums.COUNT);
        batch = graph.batch();
        classes = model.classes() > 0;
        output = graph.node(model.output());
        loss = graph.node(model.loss());
        lossSubsets = graph.directions().live(loss);
        requireLossPerSample();
        features = kernels.allocate(graph.node(model.input()).shape);
        targets = kernels.allocate(graph.node(model.label()).shape);
        buffers.setValue(graph.node(model.input()), features);
        buffers.setValue(graph.node(model.label()), targets);
        weights = kernels.allocate(loss.shape);
        buffers.setAdjoint(loss, weights);
        present = new RowMask(kernels, batch);
        dropout = new Dropout(kernels, batch);
    }

    /** Which rows of the micro-batch count. */
    RowMask present() {
        return present;
    }

    Dropout dropout() {
        return dropout;
    }

    private void requireLossPerSample() {
        if (loss.length() != batch) {
            throw new UserError("model: loss '" + loss.name + "' has shape " + Arrays.toString(loss.shape) + " for "
                    + batch + " samples, expected one loss for each sample");
        }
        if (!loss.active) {
            throw new UserError("model: loss '" + loss.name + "' depends on no parameter");
        }
    }

    /** Copies rows [from, from + batch) in; those beyond the end are repeats of weight 0. Returns how many are not. */
    int load(Shard shard, int[] rows, int from) {
        int count = Math.min(batch, rows.length - from);
        int[] numbers = new int[batch];
        for (int i = 0; i < batch; i++) {
            numbers[i] = rows[from + Math.min(i, count - 1)];
        }
        write(shard.features(), shard.featureLength(), numbers, features);
        write(shard.targets(), shard.targetLength(), numbers, targets);
        dropout.rows(numbers);
        present.set(count);
        writeWeights(shard, numbers, count);
        return count;
    }

    private void writeWeights(Shard shard, int[] numbers, int count) {
        if (shard.weights() != null) {
            write(RawArray.of(shard.weights()), 1, numbers, weights);
            if (count < batch) {
                weights.fill(count, batch, 0);
            }
            unweighted = -1;
        } else if (unweighted != count) {
            double[] ones = new double[batch];
            Arrays.fill(ones, 0, count, 1);
            weights.write(RawArray.of(ones));
            unweighted = count;
        }
    }

    private static void write(RawArray source, int length, int[] rows, Tensor target) {
        if (length * rows.length != target.length()) {
            throw new IllegalArgumentException(
                    "a row of " + length + " elements for " + Arrays.toString(target.shape()));
        }
        target.writeRows(source, rows, length);
    }

    /** What adds weighted losses and correct predictions of a micro-batch to the sums. */
    Kernel addLosses() {
        return kernels.sampleSums(
                new SampleSums(weights, buffers.value(loss), buffers.value(output), targets, classes, sums));
    }

    /** Begins new sums. */
    void clear() {
        sums.clear();
    }

    /** The sums since {@link #clear}, once all kernels have run. */
    LossSum losses() {
        double[] found = sums.toDoubles();
        return new LossSum(found[SampleSums.SAMPLES], found[SampleSums.LOSS], found[SampleSums.CORRECT]);
    }

    /** Elements of a row's output. */
    int outputLength() {
        return output.length() / batch;
    }

    /** Adds the outputs of the first {@code count} rows on to {@code target} at row {@code at}. */
    void addOutputs(RawArray target, int at, int count) {
        int width = outputLength();
        buffers.value(output).addTo(target, 0, at * width, count * width);
    }

    /** What adds the weighted sum of the loss's first tangent to g [S]. */
    Kernel addSlopes(Doubles g) {
        if (lossSubsets.length == 0) {
            return Kernel.sequence();
        }
        Tensor first = buffers.first(loss).view(lossSubsets.length, batch);
        return kernels.rowDots(1, first, weights.view(1, batch), g, lossSubsets);
    }
}

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
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
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

    /** Allocates the placeholders and the samples' weights, which are the loss's adjoint. */
    SampleBuffers(ProgramGraph graph, Kernels kernels, Buffers buffers) {
        Model model = graph.model();
        this.buffers = buffers;
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
        dropout = new Dropout(batch);
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
        for (int i = 0; i < batch; i++) {
            int row = rows[from + Math.min(i, count - 1)];
            copyRow(shard.features(), shard.featureLength(), row, features, i);
            copyRow(shard.targets(), shard.targetLength(), row, targets, i);
            dropout.row(i, row);
        }
        present.set(count);
        for (int i = 0; i < count; i++) {
            weights.fill(i, i + 1, shard.weight(rows[from + i]));
        }
        weights.fill(count, batch, 0);
        return count;
    }

    private void copyRow(RawArray source, int length, int row, Tensor target, int at) {
        if (length * batch != target.length()) {
            throw new IllegalArgumentException(
                    "a row of " + length + " elements for " + Arrays.toString(target.shape()));
        }
        target.write(source, row * length, at * length, length);
    }

    /** Weighted loss and correct predictions of the first {@code count} rows. */
    LossSum losses(int count) {
        Tensor value = buffers.value(loss);
        Tensor outputs = buffers.value(output);
        double sum = 0;
        double correct = 0;
        double samples = 0;
        for (int i = 0; i < count; i++) {
            double weight = weights.get(i);
            // A row of weight 0 counts for nothing, even if its loss is not finite.
            sum += weight == 0 ? 0 : weight * value.get(i);
            correct += classes && isCorrect(outputs, i) ? weight : 0;
            samples += weight;
        }
        return new LossSum(samples, sum, correct);
    }

    private boolean isCorrect(Tensor outputs, int row) {
        int width = outputLength();
        int best = 0;
        for (int c = 1; c < width; c++) {
            if (outputs.get(row * width + c) > outputs.get(row * width + best)) {
                best = c;
            }
        }
        return best == (int) targets.get(row);
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

    /** g[s] += weighted sum of the loss's first tangent. */
    void addSlopes(double[] g) {
        Tensor first = buffers.first(loss);
        for (int k = 0; k < lossSubsets.length; k++) {
            double slope = 0;
            for (int i = 0; i < batch; i++) {
                slope += weights.get(i) * first.get(k * batch + i);
            }
            g[lossSubsets[k]] += slope;
        }
    }
}

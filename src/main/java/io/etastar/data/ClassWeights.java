package io.etastar.data;

import io.etastar.UserError;
import java.util.Arrays;

/**
 * Rows of another source, each of its own weight times that of its class.
 *
 * <p>With weights w the mean loss of a batch is sum(w_i l_i) / sum(w_i): what PyTorch's {@code CrossEntropyLoss(weight)} is.
 */
public final class ClassWeights extends ForwardingSource {
    private static final long serialVersionUID = 1L;

    private final double[] weights;

    /**
     * @param source of the rows, with classes
     * @param weights one positive number for each class; copied
     * @throws UserError if there are not as many weights as classes, or one is not positive and finite
     */
    public ClassWeights(DataSource source, double... weights) {
        super(source);
        this.weights = weights.clone();
        if (weights.length != source.shape().classes()) {
            throw new UserError("data.class_weights: found " + weights.length + " weights, expected "
                    + source.shape().classes() + ", the classes of "
                    + source.shape().description());
        }
        if (!Arrays.stream(weights).allMatch(weight -> weight > 0 && Double.isFinite(weight))) {
            throw new UserError(
                    "data.class_weights: found " + Arrays.toString(weights) + ", expected positive numbers");
        }
    }

    @Override
    public Shard read(int from, int to) {
        Shard shard = source.read(from, to);
        double[] weighted = new double[shard.rows()];
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = shard.weight(i) * weights[(int) shard.targets().get(i)];
        }
        return new Shard(shard.rows(), shard.features(), shard.targets(), weighted);
    }
}

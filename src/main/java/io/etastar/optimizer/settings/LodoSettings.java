package io.etastar.optimizer.settings;

/**
 * What can be set on lodo.
 *
 * @param kind blocks, residuals, diagonal or global: what is learned as the inverse Hessian
 * @param initial alpha_0, the learning rate that it begins as
 * @param metaLr learning rate of what is learned
 * @param meta adam or sgd: what learns it
 * @param beta share of the old gradients kept in the momentum
 * @param layers blocks: N; residuals: number of layers
 * @param block blocks: k, size of a block
 * @param seed of permutations and initial blocks
 */
public record LodoSettings(
        String kind, double initial, double metaLr, String meta, double beta, int layers, int block, long seed) {
    /** 16 layers of 4 x 4 blocks, learned by Adam. */
    public static LodoSettings blocks(double initial, double metaLr, double beta, long seed) {
        return new LodoSettings("blocks", initial, metaLr, "adam", beta, 16, 4, seed);
    }
}

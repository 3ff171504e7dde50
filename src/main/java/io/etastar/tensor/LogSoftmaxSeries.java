package io.etastar.tensor;

/**
 * Operands of a truncated power series pushed through log softmax of rows of C logits, along K stacked directions: out =
 * z - logsumexp(z), coefficient by coefficient.
 *
 * @param probabilities softmax of the logits' values [N, C]
 * @param in coefficients z_1 .. z_d of the logits, [K, N, C] each; null is zero
 * @param out coefficients of the result, [K, N, C] each; overwritten
 */
public record LogSoftmaxSeries(Tensor probabilities, Tensor[] in, Tensor[] out) {}

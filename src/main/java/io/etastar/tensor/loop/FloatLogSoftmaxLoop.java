package io.etastar.tensor.loop;

import io.etastar.tensor.FloatExp;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/** y = z - log sum over the row of exp z, for rows of logits in single precision, whose sums are in double precision. */
final class FloatLogSoftmaxLoop implements Kernel {
    private final Tensor in;
    private final Tensor out;
    private final int rows;
    private final int classes;
    /** Rows at a time: a block of them, so that short rows fill vectors, too. */
    private final int together;
    /** z less the row's largest. */
    private final float[] logits;

    private final float[] exponentials;
    private final float[] scratch;

    FloatLogSoftmaxLoop(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
        rows = in.size(0);
        classes = in.size(1);
        together = Math.max(1, HostMemory.BLOCK / classes);
        logits = new float[together * classes];
        exponentials = new float[logits.length];
        scratch = new float[logits.length];
    }

    @Override
    public void run() {
        for (int row = 0; row < rows; row += together) {
            int length = Math.min(together, rows - row) * classes;
            in.read(row * classes, logits, 0, length);
            for (int at = 0; at < length; at += classes) {
                subtractLargest(at);
            }
            System.arraycopy(logits, 0, exponentials, 0, length);
            FloatExp.exp(exponentials, length, scratch);
            for (int at = 0; at < length; at += classes) {
                subtractLogOfSum(at);
            }
            out.write(row * classes, logits, 0, length);
        }
    }

    /** By comparisons, which take half the time of {@code Math.max}. */
    private void subtractLargest(int at) {
        float largest = logits[at];
        for (int c = 1; c < classes; c++) {
            float z = logits[at + c];
            if (z > largest) {
                largest = z;
            }
        }
        for (int c = 0; c < classes; c++) {
            logits[at + c] -= largest;
        }
    }

    private void subtractLogOfSum(int at) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += exponentials[at + c];
        }
        float log = (float) Math.log(sum);
        for (int c = 0; c < classes; c++) {
            logits[at + c] -= log;
        }
    }
}

package io.etastar.solve;

/** Four rows by four columns of a product, for a JVM without the Vector API. */
final class ScalarBlock implements PaddedProduct.Block {
    private static final int WIDTH = 4;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c, int columns) {
        for (int i = 0; i < PaddedProduct.ROWS; i++) {
            row(left, a + i * inner, 1, right, b, columns, inner, result, c + i * columns);
        }
    }

    @Override
    public void packedSum(double[] fours, int a, double[] panel, int inner, double[] result, int c, int columns) {
        for (int i = 0; i < PaddedProduct.ROWS; i++) {
            row(fours, a + i, PaddedProduct.ROWS, panel, 0, WIDTH, inner, result, c + i * columns);
        }
    }

    private static void row(
            double[] left, int a, int step, double[] right, int b, int stride, int inner, double[] result, int c) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int at = b;
        for (int k = 0; k < inner; k++) {
            double factor = left[a + k * step];
            sum0 = Math.fma(factor, right[at], sum0);
            sum1 = Math.fma(factor, right[at + 1], sum1);
            sum2 = Math.fma(factor, right[at + 2], sum2);
            sum3 = Math.fma(factor, right[at + 3], sum3);
            at += stride;
        }
        result[c] = sum0;
        result[c + 1] = sum1;
        result[c + 2] = sum2;
        result[c + 3] = sum3;
    }
}

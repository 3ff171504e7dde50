package io.etastar.solve;

/** Four rows by four columns of a product, for a JVM without the Vector API. */
final class ScalarBlock implements PanelProduct.Block {
    private static final int WIDTH = 4;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c) {
        for (int i = 0; i < PanelProduct.ROWS; i++) {
            row(left, a + i, right, b, inner, result, c + i * WIDTH);
        }
    }

    private static void row(double[] left, int a, double[] right, int b, int inner, double[] result, int c) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int k = 0; k < inner * WIDTH; k += WIDTH) {
            double factor = left[a + k];
            sum0 = Math.fma(factor, right[b + k], sum0);
            sum1 = Math.fma(factor, right[b + k + 1], sum1);
            sum2 = Math.fma(factor, right[b + k + 2], sum2);
            sum3 = Math.fma(factor, right[b + k + 3], sum3);
        }
        result[c] = sum0;
        result[c + 1] = sum1;
        result[c + 2] = sum2;
        result[c + 3] = sum3;
    }
}

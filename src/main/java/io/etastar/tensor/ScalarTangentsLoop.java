package io.etastar.tensor;

/**
 * {@link ScalarTangents} in two loops: derivatives once per element, then one pass over each stacked direction.
 *
 * <p>Composed of ND4J's ops the same takes about twelve passes over the stack, and more time than this one pass.
 */
final class ScalarTangentsLoop implements Kernel {
    private final ScalarTangents t;
    private final int n;
    private final Cells slope;
    private final Cells bend;
    private final Cells weightedBend;
    private final Cells weightedTwist;

    ScalarTangentsLoop(Kernels kernels, ScalarTangents tangents) {
        t = tangents;
        n = t.x().length();
        slope = kernels.allocate(n).cells();
        bend = kernels.allocate(n).cells();
        weightedBend = kernels.allocate(n).cells();
        weightedTwist = kernels.allocate(n).cells();
    }

    @Override
    public void run() {
        derivatives();
        for (int k = 0; k < t.order3().length; k++) {
            t.order3()[k] = t.second() == null ? firstOnly(k * n) : firstAndSecond(k * n);
        }
    }

    private void derivatives() {
        ScalarFunction f = t.f();
        for (int i = 0; i < n; i++) {
            double x = t.x().get(i);
            double y = t.y().get(i);
            double a = t.adjoint().get(i);
            double second = f.second(x, y);
            slope.set(i, f.first(x, y));
            bend.set(i, second);
            weightedBend.set(i, a * second);
            weightedTwist.set(i, a * f.third(x, y));
        }
    }

    private double firstOnly(int at) {
        Cells first = t.first().cells();
        Cells firstOut = t.firstOut().cells();
        Cells weighted = t.weighted().cells();
        int in = t.first().offset() + at;
        int out = t.firstOut().offset() + at;
        int beside = t.weighted().offset() + at;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double v = first.get(in + i);
            firstOut.set(out + i, slope.get(i) * v);
            weighted.set(beside + i, weightedBend.get(i) * v);
            sum += weightedTwist.get(i) * v * v * v;
        }
        if (t.secondOut() != null) {
            squares(at);
        }
        return sum;
    }

    private void squares(int at) {
        for (int i = 0; i < n; i++) {
            double v = t.first().get(at + i);
            t.secondOut().fill(at + i, at + i + 1, bend.get(i) * v * v);
        }
    }

    private double firstAndSecond(int at) {
        Cells first = t.first().cells();
        Cells second = t.second().cells();
        Cells firstOut = t.firstOut().cells();
        Cells weighted = t.weighted().cells();
        int in = t.first().offset() + at;
        int inSecond = t.second().offset() + at;
        int out = t.firstOut().offset() + at;
        int beside = t.weighted().offset() + at;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double v = first.get(in + i);
            double c = second.get(inSecond + i);
            double w = weightedBend.get(i);
            firstOut.set(out + i, slope.get(i) * v);
            weighted.set(beside + i, w * v);
            sum += v * (weightedTwist.get(i) * v * v + 3 * w * c);
        }
        if (t.secondOut() != null) {
            bent(at);
        }
        return sum;
    }

    private void bent(int at) {
        Cells first = t.first().cells();
        Cells second = t.second().cells();
        Cells secondOut = t.secondOut().cells();
        int in = t.first().offset() + at;
        int inSecond = t.second().offset() + at;
        int out = t.secondOut().offset() + at;
        for (int i = 0; i < n; i++) {
            double v = first.get(in + i);
            secondOut.set(out + i, slope.get(i) * second.get(inSecond + i) + bend.get(i) * v * v);
        }
    }
}

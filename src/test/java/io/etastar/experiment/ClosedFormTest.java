package io.etastar.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClosedFormTest {
    static Stream<ClosedForm> functions() {
        return Stream.of(new Rosenbrock.Valley(), new Bowl(6, 0.01, 0.5, 0, 3));
    }

    private static double[] random(int size, long seed) {
        return new Random(seed).doubles(size, -1, 1).toArray();
    }

    private static double[] moved(double[] x, double[] v, double t) {
        double[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] += t * v[i];
        }
        return moved;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void derivativesAreThoseOfFiniteDifferences(ClosedForm f) {
        int size = f.layout().size();
        double[] x = random(size, 1);
        double[] v = random(size, 2);
        double h = 1e-3;
        f.at(4);
        double slope = (f.value(moved(x, v, h)) - f.value(moved(x, v, -h))) / (2 * h);
        assertEquals(slope, ClosedForm.dot(f.gradient(x), v), 2e-5);
        double[] above = f.gradient(moved(x, v, h));
        double[] below = f.gradient(moved(x, v, -h));
        double[] product = f.product(x, v);
        for (int i = 0; i < size; i++) {
            assertEquals((above[i] - below[i]) / (2 * h), product[i], 2e-5);
        }
        double curvatureAbove = ClosedForm.dot(f.product(moved(x, v, h), v), v);
        double curvatureBelow = ClosedForm.dot(f.product(moved(x, v, -h), v), v);
        assertEquals((curvatureAbove - curvatureBelow) / (2 * h), f.third(x, v), 2e-5);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void passesAgreeWithOneAnother(ClosedForm f) {
        int size = f.layout().size();
        double[] x = random(size, 1);
        double[] v = random(size, 2);
        double loss = f.gradient(x, 3).loss().meanLoss();
        Point<double[]> along = Point.along(x, v);
        Batch batch = new Batch.Summary(0, 3);
        DerivativeSummary summary =
                f.evaluate(new Quantity.Summary(Partitions.parse("canonical", f.layout())), batch, along);
        assertEquals(ClosedForm.dot(f.gradient(x, 3).meanGradient(), v), summary.g()[0], 1e-14);
        double[] product = f.evaluate(new Quantity.HessianVector(), new Batch.Step(3), along)
                .meanProduct();
        assertEquals(ClosedForm.dot(product, v), summary.h()[0][0], 1e-14);
        LossSum[] losses = f.evaluate(new Quantity.Losses(0, 0.5), batch, along).losses();
        assertEquals(
                loss, f.evaluate(new Quantity.Loss(), new Batch.Step(3), along).meanLoss());
        assertEquals(loss, losses[0].meanLoss());
        assertEquals(f.value(moved(x, v, -0.5)), losses[1].meanLoss(), 1e-14);
    }

    @Test
    void thereIsNoGaussNewtonMatrix() {
        Bowl bowl = new Bowl(4, 0.1, 1, 0, 3);
        Quantity<DerivativeSummary> ggn =
                new Quantity.Summary(Partitions.parse("trivial", bowl.layout()), Curvature.GGN);
        Point<double[]> along = Point.along(random(4, 1), random(4, 2));
        UserError error = assertThrows(UserError.class, () -> bowl.evaluate(ggn, new Batch.Summary(0, 0), along));
        assertTrue(error.getMessage().startsWith("optimizer.curvature: found ggn, expected hessian"));
    }

    @Test
    void theCentreMovesWithEachNewStepAndOnlyThen() {
        double[] x = random(4, 1);
        Bowl bowl = new Bowl(4, 0.1, 1, 0, 3);
        double[] first = bowl.gradient(x, 0).meanGradient();
        assertArrayEquals(first, bowl.gradient(x, 0).meanGradient());
        assertNotEquals(first[0], bowl.gradient(x, 1).meanGradient()[0]);
        assertNotEquals(first[0], new Bowl(4, 0.1, 1, 0, 4).gradient(x, 0).meanGradient()[0]);
        assertThrows(IllegalArgumentException.class, () -> bowl.gradient(x, 0));
        double[] still = {0, 0, 0, 0};
        assertEquals(0, new Bowl(4, 0.1, 0, 0, 3).gradient(still, 9).loss().loss());
    }

    @Test
    void theBowlsInverseIsItsHessians() {
        Bowl bowl = new Bowl(5, 0.001, 1, 0, 3);
        double[] v = random(5, 1);
        double[] back = new double[5];
        Bowl.multiply(bowl.inverse(), bowl.product(v, v), back);
        assertArrayEquals(v, back, 1e-11);
        double trace = 0;
        for (int i = 0; i < 5; i++) {
            double[] unit = new double[5];
            unit[i] = 1;
            trace += bowl.product(v, unit)[i];
        }
        assertEquals(0.001 + Math.pow(0.001, 0.75) + Math.pow(0.001, 0.5) + Math.pow(0.001, 0.25) + 1, trace, 1e-12);
    }
}

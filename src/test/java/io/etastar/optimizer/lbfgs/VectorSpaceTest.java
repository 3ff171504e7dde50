package io.etastar.optimizer.lbfgs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import breeze.linalg.DenseVector;
import breeze.math.MutableInnerProductModule;
import org.junit.jupiter.api.Test;

/** Each operation of the space, by hand. */
class VectorSpaceTest {
    private final MutableInnerProductModule<DenseVector<Object>, Object> space = VectorSpace.create();
    private final DenseVector<Object> x = BreezeFunction.vector(new double[] {3, -4, 0.5});
    private final DenseVector<Object> y = BreezeFunction.vector(new double[] {1, 2, 8});

    @Test
    void operationsThatGiveANewVector() {
        check(space.zeroLike().apply(x), 0, 0, 0);
        check(space.copy().apply(x), 3, -4, 0.5);
        check(space.mulVS().apply(x, 2.0), 6, -8, 1);
        check(space.addVV().apply(x, y), 4, -2, 8.5);
        check(space.subVV().apply(x, y), 2, -6, -7.5);
        check(x, 3, -4, 0.5);
        check(y, 1, 2, 8);
    }

    @Test
    void operationsInPlace() {
        DenseVector<Object> z = space.copy().apply(x);
        space.scaleAddVV().apply(z, 2.0, y);
        check(z, 5, 0, 16.5);
        space.addIntoVV().apply(z, y);
        check(z, 6, 2, 24.5);
        space.subIntoVV().apply(z, x);
        check(z, 3, 6, 24);
        space.mulIntoVS().apply(z, 0.5);
        check(z, 1.5, 3, 12);
        space.setIntoVV().apply(z, y);
        check(z, 1, 2, 8);
        check(x, 3, -4, 0.5);
    }

    @Test
    void innerProductAndNorm() {
        assertEquals(-1.0, space.dotVV().apply(x, y));
        assertEquals(Math.sqrt(25.25), space.normImpl().apply(x));
    }

    private static void check(DenseVector<Object> found, double... expected) {
        assertArrayEquals(expected, BreezeFunction.array(found));
    }
}

package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tensors for the contract tests: every one is a view in the middle of a larger buffer, whose borders must not change, and
 * outputs start as NaN, so that they must be overwritten.
 */
public abstract class KernelsFixture {
    private static final int BORDER = 3;
    private static final double GUARD = 77;

    private final List<Tensor> buffers = new ArrayList<>();
    private final Random random = new Random(5);
    protected Kernels kernels;

    /** The backend under test, new. */
    protected abstract Kernels create();

    @BeforeEach
    void open() {
        kernels = create();
    }

    @AfterEach
    void bordersAreUntouched() {
        for (Tensor buffer : buffers) {
            for (int i = 0; i < BORDER; i++) {
                assertEquals(GUARD, buffer.get(i), "before a tensor");
                assertEquals(GUARD, buffer.get(buffer.length() - 1 - i), "behind a tensor");
            }
        }
        kernels.close();
    }

    private Tensor tensor(int... shape) {
        int length = Shapes.length(shape);
        Tensor buffer = kernels.allocate(length + 2 * BORDER);
        buffer.fill(0, buffer.length(), GUARD);
        buffers.add(buffer);
        return buffer.part(BORDER, shape);
    }

    protected Tensor of(double[] values, int... shape) {
        Tensor tensor = tensor(shape);
        tensor.write(RawArray.of(values));
        return tensor;
    }

    /** Standard normal elements. */
    protected Tensor random(int... shape) {
        return of(
                random.doubles(Shapes.length(shape))
                        .map(v -> random.nextGaussian())
                        .toArray(),
                shape);
    }

    /** Whole numbers from 0 to {@code below} - 1: equal ones are frequent. */
    protected Tensor whole(int below, int... shape) {
        return of(random.ints(Shapes.length(shape), 0, below).asDoubleStream().toArray(), shape);
    }

    /** An output, NaN everywhere. */
    protected Tensor output(int... shape) {
        Tensor tensor = tensor(shape);
        tensor.fill(0, tensor.length(), Double.NaN);
        return tensor;
    }

    /** Numbers in double precision that are all {@code value}. */
    protected Doubles doubles(int length, double value) {
        Doubles doubles = kernels.allocateDoubles(length);
        double[] values = new double[length];
        Arrays.fill(values, value);
        doubles.write(values);
        return doubles;
    }

    /** Relative rounding that is allowed in a sum of {@code terms} terms. */
    protected double tolerance(int terms) {
        return kernels.type() == DType.FLOAT ? 1e-5 * terms : 1e-12 * terms;
    }

    /** A value as the precision under test holds it. */
    protected double rounded(double value) {
        return kernels.type() == DType.FLOAT ? (float) value : value;
    }

    protected void close(double[] expected, Tensor found, int terms, String what) {
        close(expected, found.toDoubles(), terms, what);
    }

    /** Every element within the tolerance times its size, at least 1. */
    protected void close(double[] expected, double[] found, int terms, String what) {
        assertEquals(expected.length, found.length, what);
        for (int i = 0; i < expected.length; i++) {
            double wanted = rounded(expected[i]);
            double allowed = tolerance(terms) * Math.max(1, Math.abs(wanted));
            boolean same = wanted == found[i] || Math.abs(wanted - found[i]) <= allowed;
            assertTrue(same, what + ": element " + i + " is " + found[i] + ", expected " + wanted);
        }
    }

    protected static String text(int... shape) {
        return Arrays.toString(shape);
    }
}

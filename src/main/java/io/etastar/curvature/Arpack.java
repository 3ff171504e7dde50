package io.etastar.curvature;

import dev.ludovic.netlib.arpack.ARPACK;
import dev.ludovic.netlib.arpack.JavaARPACK;
import io.etastar.solve.Lapack;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.netlib.util.doubleW;
import org.netlib.util.intW;

/**
 * One search of ARPACK (dsaupd, dseupd): its work arrays and its dialogue. The library keeps the state of a search in static fields, so
 * {@link Lanczos} runs one search at a time in a JVM.
 */
final class Arpack {
    private static final int RESTARTS = 300;
    private static final int CONVERGED = 0;
    private static final int OUT_OF_RESTARTS = 1;
    /** Ends that say that nothing was found: no shifts, no eigenvalues of the small matrix, no start, no basis. */
    private static final Set<Integer> IN_VAIN = Set.of(3, -8, -9, -9999);

    static {
        // ARPACK takes its machine constants from LAPACK.
        Lapack.library();
    }

    private final ARPACK library = JavaARPACK.getInstance();
    private final UnaryOperator<double[]> operator;
    private final int size;
    private final int count;
    private final String which;
    private final doubleW tolerance;
    private final double[] residual;
    private final int vectors;
    private final double[] basis;
    private final double[] work;
    private final double[] small;
    private final int[] parameters = new int[11];
    private final int[] pointers = new int[11];
    private int products;

    Arpack(UnaryOperator<double[]> operator, double[] start, int count, int vectors, String which, double tolerance) {
        this.operator = operator;
        this.size = start.length;
        this.count = count;
        this.vectors = vectors;
        this.which = which;
        this.tolerance = new doubleW(tolerance);
        residual = start;
        basis = new double[Math.multiplyExact(size, vectors)];
        work = new double[Math.multiplyExact(3, size)];
        small = new double[vectors * (vectors + 8)];
        parameters[0] = 1;
        parameters[2] = RESTARTS;
        parameters[6] = 1;
    }

    /** A first vector without structure. */
    static double[] start(int size, long seed) {
        return new Random(seed).doubles(size, -1, 1).toArray();
    }

    /** Products taken so far. */
    int products() {
        return products;
    }

    /** Searches; returns how many eigenvalues converged, 0 too if a product is not finite. */
    int search() {
        intW task = new intW(0);
        intW info = new intW(1);
        for (step(task, info); task.val == 1 || task.val == -1; step(task, info)) {
            double[] product = operator.apply(Arrays.copyOfRange(work, pointers[0] - 1, pointers[0] - 1 + size));
            if (!Arrays.stream(product).allMatch(Double::isFinite)) {
                return 0;
            }
            System.arraycopy(product, 0, work, pointers[1] - 1, size);
            products++;
        }
        if (info.val == CONVERGED || info.val == OUT_OF_RESTARTS) {
            return Math.min(count, parameters[4]);
        }
        if (IN_VAIN.contains(info.val)) {
            return 0;
        }
        throw new IllegalStateException("dsaupd ended with " + info.val);
    }

    private void step(intW task, intW info) {
        library.dsaupd(
                task,
                "I",
                size,
                which,
                count,
                tolerance,
                residual,
                vectors,
                basis,
                size,
                parameters,
                pointers,
                work,
                small,
                small.length,
                info);
    }

    /** The eigenvalues that converged, in front, ascending; their vectors overwrite the basis. */
    double[] extract() {
        double[] values = new double[count];
        intW info = new intW(0);
        library.dseupd(
                true,
                "A",
                new boolean[vectors],
                values,
                basis,
                size,
                0,
                "I",
                size,
                which,
                new intW(count),
                tolerance.val,
                residual,
                vectors,
                basis,
                size,
                parameters,
                pointers,
                work,
                small,
                small.length,
                info);
        if (info.val != 0) {
            throw new IllegalStateException("dseupd ended with " + info.val);
        }
        return values;
    }

    /** The unit eigenvector of value {@code i}, after {@link #extract}; a copy. */
    double[] vector(int i) {
        return Arrays.copyOfRange(basis, i * size, (i + 1) * size);
    }
}

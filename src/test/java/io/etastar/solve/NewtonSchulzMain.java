package io.etastar.solve;

import java.util.Arrays;
import java.util.Random;

/** Prints the digest of what {@link NewtonSchulz} makes of matrices of many shapes. */
public final class NewtonSchulzMain {
    private static final int MATRICES = 20;

    private NewtonSchulzMain() {}

    /** No arguments. */
    public static void main(String... args) {
        System.out.println("digest " + digest());
    }

    static int digest() {
        Random random = new Random(1);
        NewtonSchulz iteration = new NewtonSchulz(5);
        int digest = 0;
        for (int i = 0; i < MATRICES; i++) {
            int rows = 1 + random.nextInt(30);
            int columns = 1 + random.nextInt(30);
            double[] matrix = random.doubles((long) rows * columns, -1, 1).toArray();
            iteration.orthogonalize(matrix, 0, rows, columns);
            digest = 31 * digest + Arrays.hashCode(matrix);
        }
        return digest;
    }
}

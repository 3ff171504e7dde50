package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KroneckerInverseTest {
    /** X'X / rows [n, n]. */
    private static double[][] gram(Random random, int n, int rows) {
        double[][] gram = new double[n][n];
        for (int r = 0; r < rows; r++) {
            double[] x = random.doubles(n, -1, 1).toArray();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    gram[i][j] += x[i] * x[j] / rows;
                }
            }
        }
        return gram;
    }

    private static double[] triangle(double[][] matrix) {
        double[] triangle = new double[matrix.length * (matrix.length + 1) / 2];
        for (int i = 0, at = 0; i < matrix.length; i++) {
            for (int j = 0; j <= i; j++) {
                triangle[at++] = matrix[i][j];
            }
        }
        return triangle;
    }

    @Test
    void theSolutionSolvesTheSystem() {
        Random random = new Random(1);
        for (int[] sides : new int[][] {{3, 2}, {1, 4}, {5, 1}, {60, 145}, {150, 7}}) {
            double[][] a = gram(random, sides[0], sides[0] / 2 + 1);
            double[][] s = gram(random, sides[1], 2 * sides[1]);
            double[] g = random.doubles(sides[0] * sides[1], -1, 1).toArray();
            double[] u = g.clone();
            new KroneckerInverse(EigenBasis.of(sides[0], triangle(a)), EigenBasis.of(sides[1], triangle(s)))
                    .solve(0.1, u);
            double[] product = new double[g.length];
            for (int o = 0; o < sides[1]; o++) {
                for (int i = 0; i < sides[0]; i++) {
                    int at = o * sides[0] + i;
                    product[at] += 0.1 * u[at];
                    for (int p = 0; p < sides[1]; p++) {
                        for (int j = 0; j < sides[0]; j++) {
                            product[at] += s[o][p] * u[p * sides[0] + j] * a[j][i];
                        }
                    }
                }
            }
            assertArrayEquals(g, product, 1e-11);
        }
    }

    @Test
    void valuesAscendAndVectorsBelongToThem() {
        EigenBasis basis = EigenBasis.of(2, 2, 1, 2);
        assertArrayEquals(new double[] {1, 3}, basis.values(), 1e-14);
        assertEquals(-1, basis.vectors()[0] / basis.vectors()[1], 1e-14);
        assertEquals(1, basis.vectors()[2] / basis.vectors()[3], 1e-14);
        assertNull(EigenBasis.of(2, 2, Double.NaN, 2));
    }
}

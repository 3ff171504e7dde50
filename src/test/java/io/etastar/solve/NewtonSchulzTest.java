package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewtonSchulzTest {
    /** X = a X + (b A + c A A) X with A = X X', written out. */
    private static double[][] iterated(double[][] start, int iterations) {
        double[][] x = start;
        for (int i = 0; i < iterations; i++) {
            double[][] gram = product(x, transposed(x));
            double[][] square = product(gram, gram);
            double[][] polynomial = new double[gram.length][gram.length];
            for (int j = 0; j < gram.length; j++) {
                for (int k = 0; k < gram.length; k++) {
                    polynomial[j][k] = (j == k ? 3.4445 : 0) - 4.7750 * gram[j][k] + 2.0315 * square[j][k];
                }
            }
            x = product(polynomial, x);
        }
        return x;
    }

    private static double[][] product(double[][] left, double[]... right) {
        double[][] result = new double[left.length][right[0].length];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < right[0].length; j++) {
                for (int k = 0; k < right.length; k++) {
                    result[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return result;
    }

    private static double[][] transposed(double[]... x) {
        double[][] result = new double[x[0].length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[0].length; j++) {
                result[j][i] = x[i][j];
            }
        }
        return result;
    }

    private static double[] flat(double[]... x) {
        double[] result = new double[x.length * x[0].length];
        for (int i = 0; i < result.length; i++) {
            result[i] = x[i / x[0].length][i % x[0].length];
        }
        return result;
    }

    /** Long and nearly square matrices are computed in two ways; both are the iteration's. */
    @ParameterizedTest
    @CsvSource({"7, 7, 5", "7, 9, 5", "9, 7, 5", "7, 60, 5", "60, 7, 5", "1, 8, 5", "8, 1, 3", "5, 40, 1", "40, 5, 2"})
    void matricesAreIteratedAsTheFormulaSays(int rows, int columns, int iterations) {
        Random random = new Random(rows + columns);
        double[][] x = new double[rows][columns];
        double norm = 0;
        for (double[] row : x) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
                norm += row[j] * row[j];
            }
        }
        double[] result = flat(x);
        new NewtonSchulz(iterations).orthogonalize(result, 0, rows, columns);
        for (double[] row : x) {
            for (int j = 0; j < columns; j++) {
                row[j] /= Math.sqrt(norm) + 1e-7;
            }
        }
        assertArrayEquals(flat(iterated(x, iterations)), result, 1e-12);
    }

    /** A direction that the matrix lacks stays at 0: rounding in A must not become part of the result. */
    @ParameterizedTest
    @CsvSource({"6, 80", "80, 6", "6, 7"})
    void aMatrixOfRankOneStaysOne(int rows, int columns) {
        Random random = new Random(3);
        double[] left = random.doubles(rows, -1, 1).toArray();
        double[] right = random.doubles(columns, -1, 1).toArray();
        double[] x = new double[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = left[i / columns] * right[i % columns];
        }
        double[] result = x.clone();
        new NewtonSchulz(5).orthogonalize(result, 0, rows, columns);
        double factor = result[0] / x[0];
        for (int i = 0; i < x.length; i++) {
            assertEquals(factor * x[i], result[i], 1e-10);
        }
    }

    /** What a larger matrix has left in its arrays is not seen by a smaller one, nor is what lies around it in its own. */
    @Test
    void oneObjectServesMatricesOfAllShapes() {
        NewtonSchulz iteration = new NewtonSchulz(5);
        for (int[] shape : new int[][] {{9, 4}, {30, 40}, {2, 3}, {40, 30}, {1, 70}}) {
            int length = shape[0] * shape[1];
            double[] x = new Random(length).doubles(length + 4L, -1, 1).toArray();
            double[] alone = Arrays.copyOfRange(x, 2, length + 2);
            new NewtonSchulz(5).orthogonalize(alone, 0, shape[0], shape[1]);
            double[] expected = x.clone();
            System.arraycopy(alone, 0, expected, 2, length);
            iteration.orthogonalize(x, 2, shape[0], shape[1]);
            assertArrayEquals(expected, x);
        }
    }

    /** Vectors of one and of two numbers, a JVM that compiles little, one without the module. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--add-modules=jdk.incubator.vector -XX:MaxVectorSize=8",
                "--add-modules=jdk.incubator.vector -XX:MaxVectorSize=16",
                "--add-modules=jdk.incubator.vector -XX:TieredStopAtLevel=1",
                "-Xmx64m"
            })
    void jvmsWithOtherVectorsHaveTheSameBits(String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NewtonSchulzMain.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertTrue(out.lines().toList().contains("digest " + NewtonSchulzMain.digest()), out);
    }
}

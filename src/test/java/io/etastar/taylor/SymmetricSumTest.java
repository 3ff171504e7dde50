package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SymmetricSumTest {
    private static final int SIDE = 7;
    private static final int COLUMNS = 3;

    private static double[] twice(double... u) {
        double[] triangle = new double[SIDE * (SIDE + 1) / 2];
        for (int i = 0, at = 0; i < SIDE; i++) {
            for (int j = 0; j <= i; j++, at++) {
                for (int c = 0; c < COLUMNS; c++) {
                    triangle[at] += 2 * u[i * COLUMNS + c] * u[j * COLUMNS + c];
                }
            }
        }
        return triangle;
    }

    @Test
    void blocksMakeUpTheLowerTriangleOfTheSum() {
        double[] u = new Random(1).doubles(SIDE * COLUMNS, -1, 1).toArray();
        try (Kernels kernels = Backend.installed().kernels(DType.DOUBLE)) {
            Tensor matrix = kernels.allocate(SIDE, COLUMNS);
            matrix.write(RawArray.of(u));
            for (int rows : new int[] {1, 2, 3, 6, 7}) {
                SymmetricSum sum = new SymmetricSum(kernels, SIDE, rows);
                List<Kernel> run = new ArrayList<>();
                sum.addRows(matrix, run);
                assertEquals((SIDE + rows - 1) / rows, run.size());
                run.forEach(Kernel::run);
                sum.reset();
                run.forEach(Kernel::run);
                run.forEach(Kernel::run);
                assertArrayEquals(twice(u), sum.triangle().toDoubles(), 1e-14);
            }
        }
    }

    @Test
    void columnsOfRowsThatLieOneBehindAnother() {
        double[] u = new Random(2).doubles(SIDE * COLUMNS, -1, 1).toArray();
        try (Kernels kernels = Backend.installed().kernels(DType.DOUBLE)) {
            Tensor rows = kernels.allocate(COLUMNS, SIDE);
            for (int i = 0; i < SIDE; i++) {
                for (int c = 0; c < COLUMNS; c++) {
                    rows.fill(c * SIDE + i, c * SIDE + i + 1, u[i * COLUMNS + c]);
                }
            }
            SymmetricSum sum = new SymmetricSum(kernels, SIDE, SIDE);
            List<Kernel> run = new ArrayList<>();
            sum.addColumns(rows, run);
            run.forEach(Kernel::run);
            run.forEach(Kernel::run);
            assertArrayEquals(twice(u), sum.triangle().toDoubles(), 1e-14);
        }
    }
}

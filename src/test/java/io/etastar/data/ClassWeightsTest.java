package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {
    private static ArrayDataSource rows(double... weights) {
        return new ArrayDataSource(
                "rows",
                RawArray.of(new double[] {1, 2, 3}),
                new int[] {1},
                RawArray.of(new double[] {0, 1, 0}),
                new int[0],
                2,
                weights.length == 0 ? null : weights);
    }

    private static String error(Runnable call) {
        return assertThrows(UserError.class, call::run).getMessage();
    }

    @Test
    void aRowWeighsWhatItsClassWeighs() {
        assertArrayEquals(
                new double[] {3, 0.5, 3},
                DerivedSource.classWeights(rows(), 3, 0.5).read(0, 3).weights());
        assertArrayEquals(
                new double[] {0.5, 3},
                DerivedSource.classWeights(rows(), 3, 0.5).read(1, 3).weights());
    }

    @Test
    void weightsOfRowAndClassMultiply() {
        assertArrayEquals(
                new double[] {6, 0, 3},
                DerivedSource.classWeights(rows(2, 0, 1), 3, 0.5).read(0, 3).weights());
    }

    @Test
    void thereIsOnePositiveWeightForEachClass() {
        assertEquals(
                "data.class_weights: found 1 weights, expected 2, the classes of rows",
                error(() -> DerivedSource.classWeights(rows(), 1)));
        assertEquals(
                "data.class_weights: found [1.0, 0.0], expected positive numbers",
                error(() -> DerivedSource.classWeights(rows(), 1, 0)));
    }

    @Test
    void weightsOfRowsAreChecked() {
        assertEquals("rows: found 2 weights, expected 3, one for each row", error(() -> rows(1, 2)));
        assertEquals(
                "rows: weights, row 1: found -1.0, expected a finite number >= 0",
                error(() -> rows(1, -1, 1).inspect()));
        assertEquals(
                "rows: weights: found only zeros, expected a positive one",
                error(() -> rows(0, 0, 0).inspect()));
    }
}

package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final int[] ROW = {2};
    private static final int[] LABEL = {};

    @Test
    void digitsAreSplitWithoutLoss() {
        Shard train = DigitsSource.train(7).read(0, 1500);
        Shard test = DigitsSource.test(7).read(0, 297);
        double sum = 0;
        double squares = 0;
        Map<Double, Integer> classes = new HashMap<>();
        for (Shard shard : new Shard[] {train, test}) {
            for (double value : shard.features().toDoubles()) {
                sum += value;
                squares += value * value;
            }
            for (double label : shard.targets().toDoubles()) {
                classes.merge(label, 1, Integer::sum);
            }
        }
        double mean = sum / (1797 * 64);
        assertEquals(4.884164579855314, mean, 1e-14);
        assertEquals(6.016787548672236, Math.sqrt(squares / (1797 * 64) - mean * mean), 1e-13);
        int[] perDigit = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
        for (int digit = 0; digit < 10; digit++) {
            assertEquals(perDigit[digit], classes.get((double) digit));
        }
    }

    @Test
    void digitsDependOnTheSeedAloneAndRangesFit() {
        DigitsSource source = DigitsSource.train(1);
        Shard all = source.read(0, 1500);
        Shard part = DigitsSource.train(1).read(700, 703);
        assertEquals(3, part.rows());
        assertArrayEquals(
                Arrays.copyOfRange(all.features().floats(), 700 * 64, 703 * 64),
                part.features().floats());
        assertFalse(Arrays.equals(
                all.targets().floats(),
                DigitsSource.train(2).read(0, 1500).targets().floats()));
        assertEquals(
                Standardisation.of(all.features(), new int[] {1, 8, 8}).deviation()[0],
                source.inspect().deviation()[0],
                1e-11);
        assertEquals(0, source.read(5, 5).rows());
        assertThrows(IndexOutOfBoundsException.class, () -> source.read(0, 1501));
    }

    @Test
    void arraysKeepTheirPrecision() {
        ArrayDataSource source = new ArrayDataSource(
                "x", RawArray.of(new double[] {1, 2, 3, 4, 5, 6}), ROW, RawArray.of(new float[] {0, 1, 2}), LABEL, 3);
        assertEquals(3, source.rows());
        Shard shard = source.read(1, 3);
        assertEquals(DType.DOUBLE, shard.features().type());
        assertArrayEquals(new double[] {3, 4, 5, 6}, shard.features().doubles());
        assertArrayEquals(new float[] {1, 2}, shard.targets().floats());
        assertArrayEquals(new double[] {3, 4}, source.inspect().mean());
    }

    @Test
    void mistakesInArraysNameRowAndColumn() {
        assertMessage(
                "x: features, row 1, column 0: found NaN, expected a finite number",
                new double[] {1, 2, Double.NaN, 4},
                new double[] {0, 1},
                2);
        assertMessage(
                "x: targets, row 1, column 0: found -Infinity, expected a finite number",
                new double[] {1, 2, 3, 4},
                new double[] {0, Double.NEGATIVE_INFINITY},
                0);
        for (double label : new double[] {2, -1, 0.5}) {
            assertMessage(
                    "x: row 0: found label " + label + ", expected a whole number from 0 to 1",
                    new double[] {1, 2, 3, 4},
                    new double[] {label, 0},
                    2);
        }
        assertMessage(
                "x: found 3 feature and 2 target elements, expected the same number of rows of [2] and [], at least"
                        + " one",
                new double[3],
                new double[2],
                2);
        assertMessage(
                "x: found 0 feature and 0 target elements, expected the same number of rows of [2] and [], at least"
                        + " one",
                new double[0],
                new double[0],
                2);
    }

    private static void assertMessage(String message, double[] features, double[] targets, int classes) {
        UserError e = assertThrows(
                UserError.class,
                () -> new ArrayDataSource("x", RawArray.of(features), ROW, RawArray.of(targets), LABEL, classes)
                        .inspect());
        assertEquals(message, e.getMessage());
    }
}

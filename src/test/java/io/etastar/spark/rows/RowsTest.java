package io.etastar.spark.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.CropAndFlip;
import io.etastar.data.PixelPrediction;
import io.etastar.data.RowRange;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final int[] GREY = {1, 3, 4};

    private static Rows grey() {
        RawArray features = RawArray.of(new float[3 * 12]);
        RawArray targets = RawArray.of(new float[3]);
        return Rows.of(new ArrayDataSource("grey", features, GREY, targets, new int[0], 10));
    }

    @Test
    void theModelSeesWhatTheTransformMakes() {
        Rows pixels = grey().with(new PixelPrediction(GREY));
        assertArrayEquals(new int[] {5, 3, 4}, pixels.shape().features());
        assertEquals(256, pixels.shape().classes());
        assertArrayEquals(GREY, pixels.stored().features(), "stored as they were");
        assertEquals(10, pixels.stored().classes());
        assertSame(pixels, pixels.forEvaluation());
        Rows cropped = grey().with(new CropAndFlip(GREY));
        assertNull(cropped.forEvaluation().transform());
        assertEquals(10, cropped.shape().classes());
    }

    @Test
    void theFirstRowsAreCheckedWithAllAndMeasuredAlone() {
        Rows first = Rows.of(DigitsSource.train(1)).first(100);
        assertEquals(100, first.count());
        assertEquals(new RowRange(DigitsSource.train(1), 0, 100).inspect(), first.measure(3));
        assertEquals("digits (embedded), train, rows 0 to 99", first.shape().description());
        assertEquals(100, first.someTargets().length());
        assertThrows(IndexOutOfBoundsException.class, () -> first.first(101));
    }

    @Test
    void checkSaysWhatIsWrongWithARow() {
        RawArray targets = RawArray.of(new float[] {0, 1, 2});
        Rows rows =
                Rows.of(new ArrayDataSource("rows", RawArray.of(new float[3]), new int[] {1}, targets, new int[0], 2));
        assertEquals(
                "rows: row 2: found label 2.0, expected a whole number from 0 to 1",
                assertThrows(UserError.class, rows::check).getMessage());
    }
}

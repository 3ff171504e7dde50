package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.data.format.NpzFile;
import io.etastar.interchange.NpzVector;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import io.etastar.training.ModelShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SummaryInputTest {
    private static final ParameterLayout LAYOUT =
            new ParameterLayout(List.of("a.weight", "a.bias"), List.of(new int[] {2, 3}, new int[] {3}));
    private static final ModelShape CLASSES = new ModelShape("perceptron", "nll", List.of(2), 1, 1, 3, false);
    private static final ModelShape VALUES = new ModelShape("perceptron", "mse", List.of(2), 3, 3, 0, false);

    @TempDir
    Path directory;

    private final Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();

    private SummaryInputTest with(String name, boolean integral, int[] shape, double... values) {
        arrays.put(name, new NpzFile.Array(shape, values, integral));
        return this;
    }

    private String file() throws IOException {
        String file = directory.resolve("a.npz").toString();
        NpzFile.write(file, arrays);
        return file;
    }

    private String error(Executable call) {
        return assertThrows(UserError.class, call).getMessage().replace(directory + "/", "");
    }

    @Test
    void parametersAreLaidFlatInTheLayoutsOrder() throws IOException {
        with("a.bias", false, new int[] {3}, 7, 8, 9).with("a.weight", false, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, NpzVector.read(file(), LAYOUT));
    }

    @Test
    void namesAndShapesMustFit() throws IOException {
        with("a.weight", false, new int[] {3, 2}, 1, 2, 3, 4, 5, 6);
        assertEquals(
                "a.npz: array 'a.weight': found shape [3, 2], expected [2, 3]",
                error(() -> NpzVector.read(file(), LAYOUT)));
        with("a.weight", false, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
        assertEquals(
                "a.npz: array 'a.bias': found none among [a.weight], expected one of shape [3] for each parameter of"
                        + " [a.weight, a.bias]",
                error(() -> NpzVector.read(file(), LAYOUT)));
        with("a.bias", false, new int[] {3}, 0, Double.NaN, 0);
        assertEquals(
                "a.npz: array 'a.bias': found NaN at element 1, expected finite numbers",
                error(() -> NpzVector.read(file(), LAYOUT)));
    }

    @Test
    void rowsAreStandardisedPerChannel() throws IOException {
        with("x", false, new int[] {2, 2}, 1, 2, 3, 4).with("y", true, new int[] {2}, 0, 2);
        Shard shard = SummaryInput.rows(
                file(), CLASSES, DType.DOUBLE, new Standardisation(new double[] {1, 2}, new double[] {2, 0.5}));
        assertEquals(2, shard.rows());
        assertArrayEquals(new double[] {0, 0, 1, 4}, shard.features().toDoubles());
        assertArrayEquals(new double[] {0, 2}, shard.targets().toDoubles());
    }

    @Test
    void rowsMustFitTheModel() throws IOException {
        with("x", false, new int[] {2, 2}, 1, 2, 3, 4);
        assertEquals(
                "a.npz: array 'y': found none among [x], expected arrays x and y",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        with("y", false, new int[] {2}, 0, 1);
        assertEquals(
                "a.npz: array 'y': found floating point, expected int64 class indices for loss nll",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        with("y", true, new int[] {2}, 0, 3);
        assertEquals(
                "a.npz: array 'y': found 3 at row 1, expected a class index from 0 to 2",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        assertEquals(
                "a.npz: array 'y': found shape [2], expected 2 rows of 3 elements",
                error(() -> SummaryInput.rows(file(), VALUES, DType.FLOAT, null)));
        with("x", false, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
        assertEquals(
                "a.npz: array 'x': found shape [2, 3], expected 2 rows of 2 elements",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        assertEquals(
                "command line: --data: found nothing, expected an .npz file with arrays x and y",
                error(() -> SummaryInput.rows(null, CLASSES, DType.FLOAT, null)));
    }

    @Test
    void rowsMayHaveWeights() throws IOException {
        with("x", false, new int[] {2, 2}, 1, 2, 3, 4).with("y", true, new int[] {2}, 0, 2);
        assertEquals(null, SummaryInput.rows(file(), CLASSES, DType.FLOAT, null).weights());
        with("w", false, new int[] {2}, 0.5, 0);
        assertArrayEquals(
                new double[] {0.5, 0},
                SummaryInput.rows(file(), CLASSES, DType.FLOAT, null).weights());
        with("w", false, new int[] {2}, 1, -1);
        assertEquals(
                "a.npz: array 'w': found -1.0 at row 1, expected weights >= 0",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        with("w", false, new int[] {3}, 1, 1, 1);
        assertEquals(
                "a.npz: array 'w': found shape [3], expected 2 rows of 1 elements",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
        with("w", false, new int[] {2}, 0, 0);
        assertEquals(
                "a.npz: array 'w': found only zeros, expected a positive weight",
                error(() -> SummaryInput.rows(file(), CLASSES, DType.FLOAT, null)));
    }
}

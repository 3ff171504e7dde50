package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.data.format.NpzFile;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.training.ModelShape;
import java.util.Arrays;
import java.util.Map;

/** Turns NumPy files into parameters and rows; every mistake names file and array. */
final class SummaryInput {
    private SummaryInput() {}

    /** Rows from the arrays x and y, and w if there is one, of a file; for a model that takes no data the file may be null. */
    static Shard rows(String file, ModelShape model, DType type, Standardisation standardisation) {
        if (model.inputs() == 0) {
            return new Shard(1, RawArray.zeros(type, 1), RawArray.zeros(type, 1));
        }
        if (file == null) {
            throw new UserError(UserError.Subject.option("data"), "nothing", "an .npz file with arrays x and y");
        }
        Map<String, NpzFile.Array> arrays = NpzFile.read(file).arrays();
        NpzFile.Array x = array(file, arrays, "x");
        NpzFile.Array y = array(file, arrays, "y");
        int rows = x.shape().length == 0 ? 0 : x.shape()[0];
        shape(file, "x", x, rows, model.inputs());
        shape(file, "y", y, rows, model.targets());
        if (model.classes() > 0) {
            classes(file, y, model.classes());
        }
        finite(file, "x", x.values());
        finite(file, "y", y.values());
        Shard shard = new Shard(
                rows,
                RawArray.copyOf(type, x.values()),
                RawArray.copyOf(type, y.values()),
                weights(file, arrays.get("w"), rows));
        if (standardisation != null) {
            int channels = standardisation.mean().length;
            standardisation.applyInPlace(shard, new int[] {channels, 1, model.inputs() / channels});
        }
        return shard;
    }

    private static NpzFile.Array array(String file, Map<String, NpzFile.Array> arrays, String name) {
        NpzFile.Array array = arrays.get(name);
        if (array == null) {
            throw new UserError(UserError.Subject.array(file, name), "none among " + arrays.keySet(), "arrays x and y");
        }
        return array;
    }

    private static void shape(String file, String name, NpzFile.Array array, int rows, int length) {
        boolean rowsFit = rows > 0 && array.shape().length > 0 && array.shape()[0] == rows;
        if (!rowsFit || array.values().length != (long) rows * length) {
            throw new UserError(
                    UserError.Subject.array(file, name),
                    "shape " + Arrays.toString(array.shape()),
                    (rows > 0 ? rows : "N > 0") + " rows of " + length + " elements");
        }
    }

    /** One weight for each row; null if the file has none. */
    private static double[] weights(String file, NpzFile.Array w, int rows) {
        if (w == null) {
            return null;
        }
        shape(file, "w", w, rows, 1);
        finite(file, "w", w.values());
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            if (w.values()[i] < 0) {
                throw new UserError(UserError.Subject.array(file, "w"), w.values()[i] + " at row " + i, "weights >= 0");
            }
            sum += w.values()[i];
        }
        if (sum == 0) {
            throw new UserError(UserError.Subject.array(file, "w"), "only zeros", "a positive weight");
        }
        return w.values();
    }

    private static void classes(String file, NpzFile.Array y, int classes) {
        if (!y.integral()) {
            throw new UserError(
                    UserError.Subject.array(file, "y"), "floating point", "int64 class indices for loss nll");
        }
        for (int i = 0; i < y.values().length; i++) {
            if (y.values()[i] < 0 || y.values()[i] >= classes) {
                throw new UserError(
                        UserError.Subject.array(file, "y"),
                        (long) y.values()[i] + " at row " + i,
                        "a class index from 0 to " + (classes - 1));
            }
        }
    }

    private static void finite(String file, String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new UserError(
                        UserError.Subject.array(file, name), values[i] + " at element " + i, "finite numbers");
            }
        }
    }
}

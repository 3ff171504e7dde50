package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.data.format.NpzFile;
import io.etastar.partition.ParameterLayout;
import java.util.Arrays;
import java.util.Map;

/** Vectors in the space of a model's parameters, as .npz files of one array for each tensor, dense weights [in, out]. */
public final class NpzVector {
    private NpzVector() {}

    /**
     * Parameters, or a direction, from a file; further arrays in it are left.
     *
     * @return [P] in the layout's order
     * @throws UserError naming file and array if one is missing, of another shape or not finite
     */
    public static double[] read(String file, ParameterLayout layout) {
        Map<String, NpzFile.Array> arrays = NpzFile.read(file).arrays();
        double[] flat = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            NpzFile.Array array = arrays.get(layout.name(i));
            String expected = "expected one of shape " + Arrays.toString(layout.shape(i)) + " for each parameter of "
                    + layout.names();
            if (array == null) {
                throw new UserError(file + ": array '" + layout.name(i) + "': found none among " + arrays.keySet()
                        + ", " + expected);
            }
            if (!Arrays.equals(array.shape(), layout.shape(i))) {
                throw new UserError(
                        UserError.Subject.array(file, layout.name(i)),
                        "shape " + Arrays.toString(array.shape()),
                        Arrays.toString(layout.shape(i)));
            }
            requireFinite(file, layout.name(i), array.values());
            System.arraycopy(array.values(), 0, flat, layout.offset(i), layout.length(i));
        }
        return flat;
    }

    private static void requireFinite(String file, String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new UserError(
                        UserError.Subject.array(file, name), values[i] + " at element " + i, "finite numbers");
            }
        }
    }
}

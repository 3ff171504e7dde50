package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import java.util.Arrays;
import java.util.Map;

/** Vectors in the space of a model's parameters, as .npz files of one array for each tensor. */
public final class NpzVector {
    private NpzVector() {}

    /**
     * Parameters, or a direction, from a file of dense weights [in, out]; further arrays in it are left.
     *
     * @return [P] in the layout's order
     * @throws UserError naming file and array if one is missing, of another shape or not finite
     */
    public static double[] read(String file, ParameterLayout layout) {
        return read(file, layout, null, null);
    }

    /**
     * Parameters, or a direction, of a model from a file; further arrays in it are left.
     *
     * @param layout of dense weights in the file
     * @return [P] in the order of the model's layout
     * @throws UserError naming file and array if one is missing, of another shape or not finite
     */
    public static double[] read(String file, Model model, DenseLayout layout) {
        return read(file, model.layout(), new WeightLayout(model, layout), new WeightLayout(model, layout.other()));
    }

    private static double[] read(String file, ParameterLayout layout, WeightLayout weights, WeightLayout other) {
        Map<String, NpzFile.Array> arrays = NpzFile.read(file).arrays();
        double[] flat = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            String name = layout.name(i);
            int[] shape = layout.shape(i);
            NpzFile.Array array = arrays.get(name);
            if (array == null) {
                throw new UserError(file + ": array '" + name + "': found none among " + arrays.keySet()
                        + ", expected one of shape " + Arrays.toString(shape) + " for each parameter of "
                        + layout.names());
            }
            int[] expected = weights == null ? shape : weights.fileShape(name, shape);
            if (!Arrays.equals(array.shape(), expected)) {
                boolean turned = other != null && Arrays.equals(array.shape(), other.fileShape(name, shape));
                throw new UserError(
                        UserError.Subject.array(file, name),
                        "shape " + Arrays.toString(array.shape()),
                        Arrays.toString(expected) + (turned ? ", or the other --dense-layout" : ""));
            }
            requireFinite(file, name, array.values());
            double[] values = weights == null ? array.values() : weights.fromFile(name, array.values(), shape);
            System.arraycopy(values, 0, flat, layout.offset(i), layout.length(i));
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

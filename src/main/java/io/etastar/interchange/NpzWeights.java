package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.partition.ParameterLayout;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.BatchMeans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parameters in NumPy's .npz: one array for each, by its name; behind them the means over rows that predictions take, such as the
 * running mean and variance of batch norm, if the model has them.
 */
public final class NpzWeights {
    private static final int SHOWN = 8;
    private static final String COUNT = ".num_batches_tracked";

    private NpzWeights() {}

    /**
     * Writes a model's parameters in its precision.
     *
     * @param file that is not there yet
     * @param layout of dense weights in the file; those of a network from an ONNX file keep the layouts that they had there
     * @throws UserError if the file is there
     */
    public static void write(String file, StoredModel stored, DenseLayout layout) {
        var path = NewFile.require(file);
        ParameterLayout parameters = stored.layout();
        ModelDescription description = ModelDescription.of(stored);
        WeightLayout weights = new WeightLayout(description.build(), layout(description, layout));
        double[] theta = stored.theta().toDoubles();
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < parameters.count(); i++) {
            String name = parameters.name(i);
            int[] shape = parameters.shape(i);
            int from = parameters.offset(i);
            double[] values = Arrays.copyOfRange(theta, from, from + parameters.length(i));
            arrays.put(
                    name,
                    new NpzFile.Array(weights.fileShape(name, shape), weights.toFile(name, values, shape), false));
        }
        for (Statistic statistic : description.statistics()) {
            int[] shape = {statistic.values().length};
            arrays.put(statistic.name(), new NpzFile.Array(shape, statistic.values(), false));
        }
        try {
            NpzFile.write(file, arrays, stored.theta().type());
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }

    private static DenseLayout layout(ModelDescription description, DenseLayout layout) {
        return description.hasLayoutsOfFile() ? DenseLayout.IN_OUT : layout;
    }

    /**
     * What a file holds of a model.
     *
     * @param theta parameters [P] in the order of the model's layout
     * @param statistics means over rows; none if the file has none, or the model takes none
     */
    public record Contents(double[] theta, List<Statistic> statistics) {}

    /**
     * Reads a model's parameters, and statistics of batch norm if they are there; PyTorch's counts of batches are left.
     *
     * @param description of the model as it is trained, whose names and shapes they must have
     * @param layout of dense weights in the file; those of a network from an ONNX file have the layouts that they had there
     * @throws UserError naming file and array if one is missing, unknown to the model, of another shape or not finite
     */
    public static Contents read(String file, ModelDescription description, DenseLayout layout) {
        Model model = description.build();
        String place = FileAccess.display(FileAccess.path(file));
        Map<String, NpzFile.Array> arrays = NpzFile.read(file).arrays();
        List<BatchMeans.Mean> means = BatchMeans.of(model);
        requireKnown(place, arrays, model.layout(), means);
        return new Contents(
                parameters(place, arrays, model, layout(description, layout)), statistics(place, arrays, means));
    }

    private static List<Statistic> statistics(
            String place, Map<String, NpzFile.Array> arrays, List<BatchMeans.Mean> means) {
        if (means.stream().noneMatch(mean -> arrays.containsKey(mean.name()))) {
            return List.of();
        }
        List<Statistic> statistics = new ArrayList<>();
        for (BatchMeans.Mean mean : means) {
            NpzFile.Array array = require(place, arrays, mean.name());
            int[] expected = {mean.length()};
            if (!Arrays.equals(array.shape(), expected)) {
                throw wrong(place, mean.name(), "shape " + Arrays.toString(array.shape()), expected, "");
            }
            requireFinite(place, mean.name(), array.values());
            if (mean.centre() >= 0 && Arrays.stream(array.values()).anyMatch(value -> value < 0)) {
                throw new UserError(UserError.Subject.array(place, mean.name()), "a number below 0", "variances");
            }
            statistics.add(new Statistic(mean.name(), mean.shape(), array.values()));
        }
        return statistics;
    }

    private static NpzFile.Array require(String place, Map<String, NpzFile.Array> arrays, String name) {
        NpzFile.Array array = arrays.get(name);
        if (array == null) {
            throw new UserError(
                    UserError.Subject.array(place, name),
                    "none among " + listed(List.copyOf(arrays.keySet())),
                    "one, as other statistics are there");
        }
        return array;
    }

    private static double[] parameters(
            String place, Map<String, NpzFile.Array> arrays, Model model, DenseLayout layout) {
        ParameterLayout parameters = model.layout();
        WeightLayout weights = new WeightLayout(model, layout);
        WeightLayout other = new WeightLayout(model, layout.other());
        double[] theta = new double[parameters.size()];
        for (int i = 0; i < parameters.count(); i++) {
            String name = parameters.name(i);
            int[] shape = parameters.shape(i);
            NpzFile.Array array = arrays.get(name);
            int[] expected = weights.fileShape(name, shape);
            if (array == null) {
                throw wrong(place, name, "none among " + listed(List.copyOf(arrays.keySet())), expected, "");
            }
            if (!Arrays.equals(array.shape(), expected)) {
                String hint = Arrays.equals(array.shape(), other.fileShape(name, shape))
                        ? ", or --dense-layout " + layout.other().key()
                        : "";
                throw wrong(place, name, "shape " + Arrays.toString(array.shape()), expected, hint);
            }
            requireFinite(place, name, array.values());
            double[] values = weights.fromFile(name, array.values(), shape);
            System.arraycopy(values, 0, theta, parameters.offset(i), values.length);
        }
        return theta;
    }

    private static UserError wrong(String place, String name, String found, int[] expected, String hint) {
        return new UserError(
                UserError.Subject.array(place, name), found, "one of shape " + Arrays.toString(expected) + hint);
    }

    private static void requireKnown(
            String place, Map<String, NpzFile.Array> arrays, ParameterLayout parameters, List<BatchMeans.Mean> means) {
        Set<String> known = new LinkedHashSet<>(parameters.names());
        means.forEach(mean -> known.add(mean.name()));
        List<String> unknown = arrays.keySet().stream()
                .filter(name -> !known.contains(name)
                        && !(name.endsWith(COUNT) && known.contains(name.replace(COUNT, ".running_mean"))))
                .toList();
        if (!unknown.isEmpty()) {
            throw new UserError(
                    UserError.Subject.of(place),
                    "arrays " + listed(unknown),
                    "those of the model's parameters" + (means.isEmpty() ? "" : " and statistics") + " alone: "
                            + listed(List.copyOf(known)));
        }
    }

    private static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? ", ... (" + names.size() + " in all)" : "");
    }

    private static void requireFinite(String place, String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new UserError(
                        UserError.Subject.array(place, name), values[i] + " at element " + i, "finite numbers");
            }
        }
    }
}

package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/**
 * Which arrays of a file are parameters.
 *
 * <p>Unless they are named, they are the arrays of real, finite numbers with an axis that are no masks of zeros and ones, no numbers under
 * a made-up name, and that no op reads as a setting or as running statistics. An array whose name an exporter made up is the same parameter as a named one that it equals or is the transpose of:
 * that is how a tied weight is written. Named arrays are apart even if they are equal, as copies of a layer are before training.
 */
final class Parameters {
    /** Inputs of ops that are real numbers and settings or statistics, not weights. */
    private static final Map<String, List<Integer>> SETTINGS = Map.of(
            "BatchNormalization", List.of(3, 4),
            "Resize", List.of(1, 2),
            "Upsample", List.of(1),
            "Clip", List.of(1, 2),
            "Pad", List.of(2),
            "OneHot", List.of(2),
            "RotaryEmbedding", List.of(1, 2));

    /** Names of the values of an exporter's own graph. */
    private static final Pattern MADE_UP = Pattern.compile(".*::.*|val_\\d+|\\d+");

    private final OnnxNetwork.Options options;
    private final Set<String> settings = new HashSet<>();

    Parameters(OnnxNetwork.Options options, GraphProto graph) {
        this.options = options;
        for (NodeProto node : graph.getNodeList()) {
            for (int i : SETTINGS.getOrDefault(node.getOpType(), List.of())) {
                if (i < node.getInputCount()) {
                    settings.add(node.getInput(i));
                }
            }
        }
    }

    /**
     * A parameter.
     *
     * @param to its own name, or that of the parameter that it is tied to
     * @param transposed whether it is that one's transpose
     * @param constant its values
     */
    record Tie(String to, boolean transposed, Constant constant) {}

    /** The parameters among arrays, in order. */
    Map<String, Tie> split(Map<String, Constant> arrays) {
        requireNames(options.trainable() == null ? List.of() : options.trainable(), arrays.keySet(), "model.trainable");
        requireNames(options.frozen(), arrays.keySet(), "model.frozen");
        Map<String, Tie> found = new LinkedHashMap<>();
        for (boolean madeUp : new boolean[] {false, true}) {
            arrays.forEach((name, constant) -> {
                boolean own = MADE_UP.matcher(name).matches() == madeUp;
                if (own && trains(name, constant) && !matches(options.frozen(), name)) {
                    found.put(name, madeUp ? tie(name, constant, found) : new Tie(name, false, constant));
                }
            });
        }
        return found;
    }

    private boolean trains(String name, Constant constant) {
        List<String> trainable = options.trainable();
        if (trainable != null) {
            return matches(trainable, name);
        }
        return !constant.whole()
                && constant.shape().length > 0
                && !(constant.values().length == 1 && MADE_UP.matcher(name).matches())
                && !settings.contains(name)
                && !isMask(constant)
                && Arrays.stream(constant.values()).allMatch(Double::isFinite);
    }

    /** Zeros and ones, of both some. */
    private static boolean isMask(Constant constant) {
        return !constant.uniform() && Arrays.stream(constant.values()).allMatch(value -> value == 0 || value == 1);
    }

    private static Tie tie(String name, Constant constant, Map<String, Tie> before) {
        for (Map.Entry<String, Tie> other : before.entrySet()) {
            Tie earlier = other.getValue();
            boolean named = !MADE_UP.matcher(other.getKey()).matches();
            if (!named || constant.uniform()) {
                continue;
            }
            if (Arrays.equals(constant.shape(), earlier.constant().shape())
                    && Arrays.equals(constant.values(), earlier.constant().values())) {
                return new Tie(other.getKey(), false, constant);
            }
            if (constant.isTransposeOf(earlier.constant())) {
                return new Tie(other.getKey(), true, constant);
            }
        }
        return new Tie(name, false, constant);
    }

    private static void requireNames(List<String> patterns, Set<String> names, String key) {
        for (String pattern : patterns) {
            if (names.stream().noneMatch(name -> matches(List.of(pattern), name))) {
                List<String> known = new ArrayList<>(names);
                throw new UserError(
                        UserError.Subject.setting(key), "'" + pattern + "'", "arrays of the file: " + known);
            }
        }
    }

    /** Whether a name is one of those, in which * stands for any letters. */
    static boolean matches(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> {
            String expression =
                    Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return name.matches(expression);
        });
    }
}

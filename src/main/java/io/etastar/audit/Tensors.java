package io.etastar.audit;

import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tensors of a model as an audit sorts them.
 *
 * @param layout of the parameters
 * @param flat derivatives are 0 or below rounding [S]; shared
 * @param still the step is 0, though the derivatives are not [S]; shared
 */
record Tensors(ParameterLayout layout, boolean[] flat, boolean[] still) {
    static Tensors of(ParameterLayout layout, boolean[] flat, double[] step) {
        boolean[] still = new boolean[flat.length];
        for (int s = 0; s < still.length; s++) {
            int from = layout.offset(s);
            still[s] =
                    !flat[s] && IntStream.range(from, from + layout.length(s)).allMatch(p -> step[p] == 0);
        }
        return new Tensors(layout, flat, still);
    }

    /** Numbers of those that step and have a slope. */
    int[] live() {
        return IntStream.range(0, flat.length)
                .filter(s -> !flat[s] && !still[s])
                .toArray();
    }

    /** Names of those that are marked. */
    List<String> names(boolean[] marked) {
        return IntStream.range(0, marked.length)
                .filter(s -> marked[s])
                .mapToObj(layout::name)
                .toList();
    }

    List<String> names(int... numbers) {
        return IntStream.of(numbers).mapToObj(layout::name).toList();
    }

    /** Numbers of the live tensors of each layer: what stands before the last dot of their names is the same. */
    Collection<List<Integer>> layers() {
        Map<String, List<Integer>> layers = new LinkedHashMap<>();
        for (int s : live()) {
            String name = layout.name(s);
            layers.computeIfAbsent(name.substring(0, Math.max(0, name.lastIndexOf('.'))), key -> new ArrayList<>())
                    .add(s);
        }
        return layers.values();
    }
}

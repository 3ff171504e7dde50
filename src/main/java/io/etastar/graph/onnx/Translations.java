package io.etastar.graph.onnx;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ops of ONNX that are read, by name. */
final class Translations {
    private static final Map<String, Translation> ALL = new TreeMap<>();

    static {
        Elementwise.add(ALL);
        Comparisons.add(ALL);
        Products.add(ALL);
        Convolutions.add(ALL);
        Poolings.add(ALL);
        Normalisations.add(ALL);
        Reductions.add(ALL);
        Layouts.add(ALL);
        Indexing.add(ALL);
        Shaping.add(ALL);
        Attention.add(ALL);
        Resizing.add(ALL);
        Recurrent.add(ALL);
    }

    private Translations() {}

    static @Nullable Translation of(String type) {
        return ALL.get(type);
    }

    static Set<String> names() {
        return ALL.keySet();
    }

    static void single(Map<String, Translation> ops, String name, Translation.Single single) {
        ops.put(name, Translation.of(single));
    }
}

package io.etastar.taylor.graph;

import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Changes of the order of ops that leave the function as it is and save work. */
final class Reorderings {
    private Reorderings() {}

    /**
     * Takes max pooling before the monotone functions and channel biases that stand before it: max f(x + b) = f(max x + b).
     * What came before the pooling then runs on its output, a quarter of the elements for windows of 2 x 2.
     *
     * @param sources ops in order of computation; changed in place
     */
    static void poolFirst(Model model, List<GraphOp> sources, OpCatalogue catalogue) {
        Map<String, Integer> readers = new HashMap<>();
        readers.merge(model.output(), 1, Integer::sum);
        readers.merge(model.loss(), 1, Integer::sum);
        sources.forEach(op -> op.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
        for (int i = 0; i < sources.size(); i++) {
            int at = i;
            while (catalogue.picksMaxima(sources.get(at))) {
                int before = producer(sources, sources.get(at).inputs().get(0));
                if (before < 0
                        || !catalogue.isMonotone(sources.get(before))
                        || readers.get(sources.get(before).output()) > 1) {
                    break;
                }
                swap(sources, before, at);
                at = before;
            }
        }
    }

    private static int producer(List<GraphOp> sources, String name) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).output().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** f at {@code before}, pooling at {@code after}: each takes the other's place, and the pooling's name stays last. */
    private static void swap(List<GraphOp> sources, int before, int after) {
        GraphOp f = sources.get(before);
        GraphOp pool = sources.get(after);
        List<String> inputs = new ArrayList<>(f.inputs());
        String pooled = f.output() + "#pooled";
        sources.set(before, pool.with(List.of(inputs.get(0)), pooled));
        inputs.set(0, pooled);
        sources.set(after, f.with(inputs, pool.output()));
    }
}

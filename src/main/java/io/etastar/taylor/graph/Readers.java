package io.etastar.taylor.graph;

import java.util.IdentityHashMap;
import java.util.Map;

/** Who reads the nodes of a graph: counted while its ops are added, in the order of computation. */
public final class Readers {
    private final Map<Node, Integer> counts = new IdentityHashMap<>();
    private final Map<Node, Integer> last = new IdentityHashMap<>();

    /**
     * Counts the inputs of an op.
     *
     * @param index of the op
     * @param used whether the loss depends on the op
     */
    void add(int index, boolean used, Op op) {
        for (Node input : op.inputs()) {
            if (used) {
                counts.merge(input, 1, Integer::sum);
            }
            if (op.output().active) {
                last.put(input, index);
            }
        }
    }

    /** The loss is read after all ops. */
    void addLoss(Node loss) {
        last.put(loss, Integer.MAX_VALUE);
    }

    /** Operands that read a node on the way to the loss. */
    public int count(Node node) {
        return counts.getOrDefault(node, 0);
    }

    /** Index of the last op whose derivatives read a node; -1 if none does. */
    int last(Node node) {
        return last.getOrDefault(node, -1);
    }
}

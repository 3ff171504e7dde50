package io.etastar.taylor.graph;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The subsets that are live at each node: those whose direction changes it. Tangents have a leading axis over them, in the order
 * in which ops first meet them.
 */
public final class Directions {
    private static final int[] NONE = {};

    private final Map<Node, int[]> live = new IdentityHashMap<>();
    private final Map<Node, Boolean> secondNeeded = new IdentityHashMap<>();

    /**
     * Spreads the parameters' subsets over a graph.
     *
     * @param subsets of the active parameters; empty if there are no directions
     * @param ops in the order of computation
     */
    Directions(Map<Node, Integer> subsets, List<Op> ops) {
        subsets.forEach((parameter, subset) -> live.put(parameter, new int[] {subset}));
        if (subsets.isEmpty()) {
            return;
        }
        Map<Integer, Integer> rank = new LinkedHashMap<>();
        for (Op op : ops) {
            if (op.output().active) {
                live.put(op.output(), union(op.inputs(), rank));
            }
        }
        for (int i = ops.size() - 1; i >= 0; i--) {
            Op op = ops.get(i);
            if (op.output().active && (op.rule().isNonlinear() || needsSecond(op.output()))) {
                for (Node input : op.inputs()) {
                    secondNeeded.put(input, true);
                }
            }
        }
    }

    private int[] union(Node[] inputs, Map<Integer, Integer> rank) {
        Set<Integer> union = new HashSet<>();
        for (Node input : inputs) {
            for (int subset : live(input)) {
                rank.putIfAbsent(subset, rank.size());
                union.add(subset);
            }
        }
        return union.stream()
                .sorted((a, b) -> Integer.compare(rank.get(a), rank.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The live subsets of a node, in the order of its stack; shared. */
    public int[] live(Node node) {
        return live.getOrDefault(node, NONE);
    }

    /** K, the number of live subsets. */
    public int count(Node node) {
        return live(node).length;
    }

    /** Slot of {@code subset} in a node's stack, or -1. */
    int slot(Node node, int subset) {
        int[] subsets = live(node);
        for (int k = 0; k < subsets.length; k++) {
            if (subsets[k] == subset) {
                return k;
            }
        }
        return -1;
    }

    /** Whether anything downstream reads a node's second tangent. */
    boolean needsSecond(Node node) {
        return secondNeeded.containsKey(node);
    }
}

package io.etastar.taylor.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the terms of a sum write their tangents into the sum's own stack.
 *
 * <p>A bias then costs one slot instead of a copy of the whole stack: a pass over K n elements saved at every layer.
 */
final class OutputReuse {
    /**
     * Where a term's tangents lie.
     *
     * @param sum the node whose stacks hold them
     * @param slot the first of their slots there
     */
    record Home(Node sum, int slot) {}

    private final Readers readers;
    private final Directions directions;
    private final Map<Node, Op> producers = new HashMap<>();
    private final Map<Node, Home> homes = new HashMap<>();

    /** Finds the buffer that each term reuses, if there is one. */
    OutputReuse(List<Op> ops, Readers readers, Directions directions) {
        this.readers = readers;
        this.directions = directions;
        ops.forEach(op -> producers.put(op.output(), op));
        for (Op op : ops) {
            if (op.rule().joinsTerms() && op.output().active) {
                assign(op);
            }
        }
    }

    /** The home of a node's tangents; null if they have a stack of their own. */
    Home home(Node node) {
        return homes.get(node);
    }

    /** Both terms if they share no subset, else the first one that fits. */
    private void assign(Op sum) {
        Set<Integer> taken = new HashSet<>();
        for (Node term : sum.inputs()) {
            int[] live = directions.live(term);
            if (fits(term, sum.output()) && Arrays.stream(live).noneMatch(taken::contains)) {
                homes.put(term, new Home(sum.output(), directions.slot(sum.output(), live[0])));
                Arrays.stream(live).forEach(taken::add);
            }
        }
    }

    /** Computed for the sum alone, of its shape, in memory of its own, with slots that stay neighbours. */
    private boolean fits(Node term, Node sum) {
        Op producer = producers.get(term);
        return producer != null
                && !producer.rule().views()
                && directions.count(term) > 0
                && readers.count(term) == 1
                && Arrays.equals(term.shape, sum.shape)
                && Stacks.runs(directions, term, sum).size() == 1;
    }
}

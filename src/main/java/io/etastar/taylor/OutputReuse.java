package io.etastar.taylor;

import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Stacks;
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
    private final Map<Node, Op> producers = new HashMap<>();

    private OutputReuse(List<Op> ops) {
        ops.forEach(op -> producers.put(op.output(), op));
    }

    /** Assigns the buffer that each term reuses, if there is one. */
    static void assign(List<Op> ops) {
        OutputReuse reuse = new OutputReuse(ops);
        for (Op op : ops) {
            if (op.rule().joinsTerms() && op.output().active) {
                reuse.assign(op);
            }
        }
    }

    /** Both terms where they share no subset, else the first one that fits. */
    private void assign(Op sum) {
        Set<Integer> taken = new HashSet<>();
        for (Node term : sum.inputs()) {
            if (fits(term, sum.output()) && Arrays.stream(term.live).noneMatch(taken::contains)) {
                term.home = sum.output();
                term.homeSlot = sum.output().slot(term.live[0]);
                Arrays.stream(term.live).forEach(taken::add);
            }
        }
    }

    /** Computed for the sum alone, of its shape, in memory of its own, with slots that stay neighbours. */
    private boolean fits(Node term, Node sum) {
        Op producer = producers.get(term);
        return producer != null
                && !producer.rule().views()
                && term.directions() > 0
                && term.consumers == 1
                && Arrays.equals(term.shape, sum.shape)
                && Stacks.runs(term, sum).size() == 1;
    }
}

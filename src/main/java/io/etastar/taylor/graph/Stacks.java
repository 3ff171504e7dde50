package io.etastar.taylor.graph;

import java.util.ArrayList;
import java.util.List;

/** Where the live subsets of one node stand in the stack of another. */
public final class Stacks {
    private Stacks() {}

    /**
     * Neighbouring slots that stay neighbours.
     *
     * @param from first slot in the source
     * @param to first slot in the target
     * @param count number of slots
     */
    public record Run(int from, int to, int count) {}

    /** The source's slots, mapped into the target's, as few runs as possible: one in a network without branches. */
    public static List<Run> runs(Directions directions, Node source, Node target) {
        List<Run> runs = new ArrayList<>();
        for (int k = 0; k < directions.count(source); k++) {
            int to = directions.slot(target, directions.live(source)[k]);
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last.to() + last.count() == to) {
                runs.set(runs.size() - 1, new Run(last.from(), last.to(), last.count() + 1));
            } else {
                runs.add(new Run(k, to, 1));
            }
        }
        return runs;
    }

    /** The run cut where the target's slots change between written and not yet written. */
    public static List<Run> alike(Run run, boolean... written) {
        List<Run> parts = new ArrayList<>();
        int start = 0;
        for (int k = 1; k <= run.count(); k++) {
            if (k == run.count() || written[run.to() + k] != written[run.to() + start]) {
                parts.add(new Run(run.from() + start, run.to() + start, k - start));
                start = k;
            }
        }
        return parts;
    }
}

package io.etastar.optimizer.newton;

import io.etastar.optimizer.State;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plain mean of (H, g, order3) over the last whole block of {@code period} summaries and the summaries of the current
 * block; in the first block over all so far.
 */
final class UniformAverage implements SummaryAverage {
    private static final String COUNT = "count";
    private static final String WHOLE = "mean";
    private static final String BLOCK = "block";

    private final int period;
    private final int size;
    private long count;
    private Derivatives whole;
    private Derivatives block;

    UniformAverage(int period, int size) {
        this.period = period;
        this.size = size;
    }

    @Override
    public Derivatives accept(Derivatives latest) {
        long inBlock = count % period;
        if (inBlock == 0) {
            whole = count == 0 ? latest : block;
            block = latest;
        }
        double before = inBlock + (count < period ? 0 : period);
        whole = whole.mix(before / (before + 1), latest);
        block = block.mix(inBlock / (inBlock + 1.0), latest);
        count++;
        return whole;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(COUNT, State.count(count));
        if (whole != null) {
            state.put(WHOLE, whole.toArray());
            state.put(BLOCK, block.toArray());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredWhole = State.optional(state, WHOLE, Derivatives.length(size));
        double[] restoredBlock = State.optional(state, BLOCK, Derivatives.length(size));
        count = State.count(state, COUNT);
        whole = restoredWhole == null ? null : Derivatives.of(size, restoredWhole);
        block = restoredBlock == null ? null : Derivatives.of(size, restoredBlock);
    }
}

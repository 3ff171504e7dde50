package io.etastar.optimizer.lbfgs;

import io.etastar.optimizer.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The newest pairs of a step s and the difference y of the gradients at its ends, newest first. */
final class CurvaturePairs {
    private static final String COUNT = "pairs";
    private static final String STEPS = "pair_steps";
    private static final String DIFFERENCES = "pair_differences";

    private final int memory;
    private final int size;
    private final List<double[]> steps = new ArrayList<>();
    private final List<double[]> differences = new ArrayList<>();

    /**
     * @param memory how many are kept
     * @param size P, length of each array
     */
    CurvaturePairs(int memory, int size) {
        this.memory = memory;
        this.size = size;
    }

    int count() {
        return steps.size();
    }

    /** s [P] of the pair that is {@code age} pairs older than the newest; shared. */
    double[] step(int age) {
        return steps.get(age);
    }

    /** y [P] of that pair; shared. */
    double[] difference(int age) {
        return differences.get(age);
    }

    /** Adds a pair, which is kept, and forgets the oldest one too many. */
    void add(double[] step, double[] difference) {
        steps.add(0, step);
        differences.add(0, difference);
        keep(memory);
    }

    /** Forgets all but the newest {@code count}. */
    void keep(int count) {
        while (steps.size() > count) {
            steps.remove(steps.size() - 1);
            differences.remove(differences.size() - 1);
        }
    }

    void putInto(Map<String, double[]> state) {
        state.put(COUNT, State.count(count()));
        state.put(STEPS, flat(steps));
        state.put(DIFFERENCES, flat(differences));
    }

    void restore(Map<String, double[]> state) {
        int count = (int) State.count(state, COUNT);
        double[] restoredSteps = State.array(state, STEPS, count * size);
        double[] restoredDifferences = State.array(state, DIFFERENCES, count * size);
        keep(0);
        for (int age = count - 1; age >= 0; age--) {
            add(part(restoredSteps, age), part(restoredDifferences, age));
        }
    }

    private double[] flat(List<double[]> arrays) {
        double[] flat = new double[arrays.size() * size];
        for (int i = 0; i < arrays.size(); i++) {
            System.arraycopy(arrays.get(i), 0, flat, i * size, size);
        }
        return flat;
    }

    private double[] part(double[] flat, int index) {
        double[] part = new double[size];
        System.arraycopy(flat, index * size, part, 0, size);
        return part;
    }
}

package io.etastar.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Short names of subsets, for charts. */
public final class SubsetNames {
    private SubsetNames() {}

    /**
     * A name for each subset: that of its only tensor; {@code weights} or {@code biases} for the only subset of weights or of
     * biases; else first and last tensor and their number. Subsets that would share a name have their number behind it.
     *
     * @param groups names of the tensors of each subset [S], none empty
     */
    public static List<String> of(List<List<String>> groups) {
        long weights = groups.stream().filter(SubsetNames::areWeights).count();
        long biases = groups.stream().filter(SubsetNames::areBiases).count();
        List<String> names = new ArrayList<>();
        HashSet<String> taken = new HashSet<>();
        for (List<String> group : groups) {
            String name = name(group, weights == 1, biases == 1);
            names.add(taken.add(name) ? name : name + " #" + (names.size() + 1));
        }
        return names;
    }

    private static String name(List<String> group, boolean allWeights, boolean allBiases) {
        if (group.size() == 1) {
            return group.get(0);
        }
        if (allWeights && areWeights(group)) {
            return "weights";
        }
        if (allBiases && areBiases(group)) {
            return "biases";
        }
        return group.get(0) + " to " + group.get(group.size() - 1) + " (" + group.size() + ")";
    }

    private static boolean areWeights(List<String> group) {
        return group.stream().allMatch(Partitions::isWeight);
    }

    private static boolean areBiases(List<String> group) {
        return group.stream().allMatch(Partitions::isBias);
    }
}

package io.etastar.partition;

import io.etastar.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** S subsets of whole parameter tensors; each tensor of the layout is in exactly one. */
public final class Partition implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ArrayList<String>> groups = new ArrayList<>();
    private final int[] subsets;
    private final ParameterLayout layout;

    /**
     * @param layout of the parameters
     * @param groups names of the tensors of each subset
     * @throws UserError if a subset is empty, or a tensor unknown, repeated or in no subset
     */
    public Partition(ParameterLayout layout, List<? extends List<String>> groups) {
        this.layout = layout;
        subsets = new int[layout.count()];
        Arrays.fill(subsets, -1);
        for (List<String> group : groups) {
            if (group.isEmpty()) {
                throw new UserError("partition: subset " + this.groups.size() + " is empty, expected names among "
                        + layout.names());
            }
            for (String name : group) {
                claim(layout, name, this.groups.size());
            }
            this.groups.add(new ArrayList<>(group));
        }
        for (int i = 0; i < subsets.length; i++) {
            if (subsets[i] < 0) {
                throw new UserError("partition: parameter '" + layout.name(i) + "' is in no subset");
            }
        }
    }

    private void claim(ParameterLayout layout, String name, int subset) {
        int tensor = layout.indexOf(name);
        if (tensor < 0) {
            throw new UserError(
                    "partition: no parameter is named '" + name + "', expected names among " + layout.names());
        }
        if (subsets[tensor] >= 0) {
            throw new UserError("partition: parameter '" + name + "' is in two subsets");
        }
        subsets[tensor] = subset;
    }

    /** The layout that is split. */
    public ParameterLayout layout() {
        return layout;
    }

    /** S, the number of subsets. */
    public int size() {
        return groups.size();
    }

    /** Names of the tensors of each subset. */
    public List<List<String>> groups() {
        return groups.stream().map(List::copyOf).toList();
    }

    /** The subset that holds tensor {@code tensor} of the layout. */
    public int subsetOf(int tensor) {
        return subsets[tensor];
    }

    /** A one-line description that is equal for equal partitions of the same layout. */
    @Override
    public String toString() {
        return groups.toString();
    }
}

package io.etastar.curvature;

import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import java.util.List;

/** What a subset of parameters holds, by the names of its tensors. */
public enum Kind {
    /** Tensors named {@code weight} alone. */
    WEIGHT,
    /** Tensors named {@code bias} alone. */
    BIAS,
    /** Both, or other names: in no block. */
    NEITHER;

    /** The kind of each subset. */
    public static List<Kind> of(Partition partition) {
        return partition.groups().stream().map(Kind::of).toList();
    }

    /** The kind of a subset of tensors {@code names}. */
    public static Kind of(List<String> names) {
        if (names.stream().allMatch(Partitions::isWeight)) {
            return WEIGHT;
        }
        return names.stream().allMatch(Partitions::isBias) ? BIAS : NEITHER;
    }
}

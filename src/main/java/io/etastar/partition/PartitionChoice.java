package io.etastar.partition;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a job file splits the parameters: one of the two is not null.
 *
 * @param spec canonical, trivial, wb, kinds, blocks-K, alternate-K or names:A,B
 * @param groups names of the tensors of each subset
 */
public record PartitionChoice(
        @Nullable String spec, @Nullable List<List<String>> groups) {
    /** The choice behind a value that the schema accepted. */
    public static PartitionChoice of(Object value) {
        if (value instanceof String spec) {
            return new PartitionChoice(spec, null);
        }
        return new PartitionChoice(
                null,
                ((List<?>) value)
                        .stream()
                                .map(group -> ((List<?>) group)
                                        .stream().map(String.class::cast).toList())
                                .toList());
    }

    /**
     * The subsets of these parameters.
     *
     * @throws io.etastar.UserError if the choice does not match them
     */
    public Partition on(ParameterLayout layout) {
        return groups != null ? Partitions.of(groups, layout) : Partitions.parse(Objects.requireNonNull(spec), layout);
    }
}

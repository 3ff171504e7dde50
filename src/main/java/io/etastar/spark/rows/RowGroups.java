package io.etastar.spark.rows;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Groups of a data set's rows, as runs of consecutive rows; a group may have several. Immutable. */
public final class RowGroups implements Serializable {
    private static final long serialVersionUID = 1L;

    /** First row of each run, then the number of rows [runs + 1]. */
    private final int[] starts;

    /** Group of each run [runs]. */
    private final int[] groups;

    private RowGroups(int[] starts, int[] groups) {
        this.starts = starts;
        this.groups = groups;
    }

    /**
     * Consecutive rows of one group.
     *
     * @param group index, from 0
     * @param rows how many
     */
    public record Run(int group, int rows) {}

    /**
     * Runs one after another.
     *
     * @throws ArithmeticException if there are more rows than an int counts
     */
    public static RowGroups of(List<Run> runs) {
        int[] starts = new int[runs.size() + 1];
        for (int i = 0; i < runs.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], runs.get(i).rows());
        }
        return new RowGroups(starts, runs.stream().mapToInt(Run::group).toArray());
    }

    /** Number of runs. */
    public int runs() {
        return groups.length;
    }

    /** Number of rows. */
    public int rows() {
        return starts[groups.length];
    }

    /**
     * The rows of each group among {@code count} rows from {@code first} on.
     *
     * @return by group, indices that count from {@code first}, ascending; groups without rows are left out
     */
    public Map<Integer, int[]> within(int first, int count) {
        Map<Integer, int[]> found = new TreeMap<>();
        for (int i = 0; i < groups.length; i++) {
            int from = Math.max(starts[i], first) - first;
            int to = Math.min(starts[i + 1], first + count) - first;
            if (from < to) {
                found.merge(groups[i], IntStream.range(from, to).toArray(), RowGroups::joined);
            }
        }
        return found;
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }
}

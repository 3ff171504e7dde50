package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.stream.IntStream;

/** Fewer points out of many, the same ones for the same count. */
final class Thinning {
    private Thinning() {}

    /** Size of the runs of consecutive points that {@code count} points are cut into, for at most {@code most} of them. */
    static int bucket(int count, int most) {
        return Math.max(1, (count + most - 1) / most);
    }

    /** The last number of each run of {@code size} rows. */
    static ArrayNode last(List<double[]> rows, int column, int size) {
        int buckets = (rows.size() + size - 1) / size;
        return Numbers.rounded(buckets, i -> rows.get(Math.min(rows.size(), (i + 1) * size) - 1)[column]);
    }

    /** The mean of each run of {@code size} rows, over the numbers that are there. */
    static ArrayNode means(List<double[]> rows, int column, int size) {
        int buckets = (rows.size() + size - 1) / size;
        return Numbers.rounded(
                buckets,
                i -> IntStream.range(i * size, Math.min(rows.size(), (i + 1) * size))
                        .mapToDouble(row -> rows.get(row)[column])
                        .filter(value -> !Double.isNaN(value))
                        .average()
                        .orElse(Double.NaN));
    }

    /** At most {@code most} of the numbers 0 .. count - 1, evenly spread, first and last among them; ascending. */
    static int[] spread(int count, int most) {
        if (count <= most) {
            return IntStream.range(0, count).toArray();
        }
        if (most == 1) {
            return new int[] {count - 1};
        }
        return IntStream.range(0, most)
                .map(i -> (int) Math.round((double) i * (count - 1) / (most - 1)))
                .toArray();
    }
}

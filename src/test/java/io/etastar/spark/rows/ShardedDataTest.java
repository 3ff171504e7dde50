package io.etastar.spark.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.spark.SparkTestSession;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedDataTest {
    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    /** Images [2, 1, 2]: row i holds i, i + 0.5 in the first channel and 10 i, 10 i + 5 in the second; target i. */
    private record Images(int rows) implements DataSource {
        static final AtomicInteger READS = new AtomicInteger();

        @Override
        public RowShape shape() {
            return RowShape.ofNumbers("images", new int[] {2, 1, 2});
        }

        @Override
        public Shard read(int from, int to) {
            READS.incrementAndGet();
            float[] x = new float[4 * (to - from)];
            float[] y = new float[to - from];
            for (int i = 0; i < y.length; i++) {
                float[] row = {from + i, from + i + 0.5f, 10f * (from + i), 10f * (from + i) + 5};
                System.arraycopy(row, 0, x, 4 * i, 4);
                y[i] = from + i;
            }
            return new Shard(y.length, RawArray.of(x), RawArray.of(y));
        }

        @Override
        public Standardisation inspect() {
            throw new UnsupportedOperationException("nothing to inspect");
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "10, 3", "10, 10", "10, 17", "0, 2"})
    void partitionsHoldTheRowsInOrder(int rows, int partitions) {
        try (ShardedData data = new ShardedData(session.context(), Rows.of(new Images(rows)), null, partitions)) {
            List<List<Shard>> shards = data.rdd().glom().collect();
            assertEquals(partitions, shards.size());
            assertEquals(rows, data.rows());
            int row = 0;
            for (int i = 0; i < partitions; i++) {
                assertEquals(1, shards.get(i).size());
                Shard shard = shards.get(i).get(0);
                assertEquals(data.rowsPerPartition()[i], shard.rows());
                assertEquals((i + 1) * rows / partitions - i * rows / partitions, shard.rows());
                for (int j = 0; j < shard.rows(); j++) {
                    assertEquals(row++, shard.targets().get(j));
                }
            }
        }
    }

    @Test
    void channelsAreStandardisedOnceThoughPassesAreMany() {
        Standardisation standardisation = new Standardisation(new double[] {1, 10}, new double[] {0.5, 5});
        try (ShardedData data = new ShardedData(session.context(), Rows.of(new Images(4)), standardisation, 2)) {
            Images.READS.set(0);
            data.rdd().count();
            Shard last = data.rdd().collect().get(1);
            assertArrayEquals(
                    new float[] {2, 3, 2, 3, 4, 5, 4, 5}, last.features().floats());
            assertEquals(2, Images.READS.get());
        }
    }

    @Test
    void shardsAreCachedAsArraysUntilClosed() {
        ShardedData data = new ShardedData(session.context(), Rows.of(new Images(4)), null, 2);
        data.rdd().count();
        assertEquals(StorageLevel.MEMORY_AND_DISK(), data.rdd().getStorageLevel());
        assertTrue(session.context().getPersistentRDDs().containsKey(data.rdd().id()));
        data.close();
        assertTrue(!session.context().getPersistentRDDs().containsKey(data.rdd().id()));
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 10", "7, 100, 10", "3, 10, 9", "20, 13, 5", "4, 50, 50", "4, 50, 80", "2, 11, 1"})
    void spreadRowsAreOneOfEachRange(int partitions, int rows, int most) {
        try (ShardedData data = new ShardedData(session.context(), Rows.of(new Images(rows)), null, partitions)) {
            List<Shard> spread = data.spread(most, 1).collect();
            assertEquals(partitions, spread.size());
            List<Integer> picked = spread.stream()
                    .flatMap(shard -> IntStream.range(0, shard.rows())
                            .mapToObj(i -> (int) shard.targets().get(i)))
                    .toList();
            int expected = Math.min(most, rows);
            assertEquals(expected, picked.size());
            for (int i = 0; i < expected; i++) {
                assertEquals(i, picked.get(i) * expected / rows, picked.toString());
            }
            Shard some = spread.stream()
                    .filter(shard -> shard.rows() > 0)
                    .findFirst()
                    .orElseThrow();
            assertEquals(10 * some.targets().get(0), some.features().get(2));
        }
    }
}

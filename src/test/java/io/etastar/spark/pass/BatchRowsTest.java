package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.StratifiedSampler;
import io.etastar.quantity.Batch;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRowsTest {
    private static final int[] ROWS = {23, 0, 40, 37};

    private static Set<String> rows(BatchRows.Drawn drawn) {
        Set<String> rows = new HashSet<>();
        for (int shard = 0; shard < ROWS.length; shard++) {
            for (int row : drawn.rows().of(shard)) {
                assertTrue(rows.add(shard + ":" + row), "a row is taken once");
            }
        }
        assertEquals(drawn.size(), rows.size());
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"7, 30", "7, 1", "30, 30", "60, 100", "99, 100"})
    void otherRowsAreNoneOfTheStepsAndAtLeastSoMany(int batch, int least) {
        BatchRows batches = new BatchRows(ROWS, new StratifiedSampler(ROWS, batch, 1, 0), null, null, 5L);
        for (int step = 0; step < 40; step++) {
            Set<String> own = rows(batches.step(new Batch.Step(step)));
            BatchRows.Drawn drawn = batches.other(new Batch.Other(step, least));
            Set<String> other = rows(drawn);
            assertTrue(other.size() >= Math.min(least, 100 - own.size()), "step " + step);
            assertTrue(other.size() < least + batch, "step " + step);
            other.retainAll(own);
            assertEquals(Set.of(), other, "step " + step);
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 0.1, 20", "60, 0.5, 20", "7, 0.1, 20", "99, 1, 20"})
    void aPartOfABatchHasRowsOfEveryShard(int batch, double share, int least) {
        BatchRows batches = new BatchRows(ROWS, new StratifiedSampler(ROWS, batch, 1, 0), null, null, 5L);
        Batch.Part part = new Batch.Part(share, least);
        for (int step = 0; step < 40; step++) {
            Set<String> own = rows(batches.step(new Batch.Step(step)));
            Set<String> some = rows(batches.summary(new Batch.Summary(step, step, part)));
            assertTrue(own.containsAll(some), "step " + step);
            long size = part.of(own.size());
            assertTrue(size <= some.size() && some.size() < size + 3, some.size() + " of " + own.size());
            assertEquals(shards(own), shards(some), "step " + step);
            Set<String> other = rows(batches.other(new Batch.Other(step, least, part)));
            assertTrue(other.size() >= Math.min(least, 100 - own.size()), "step " + step);
            other.retainAll(own);
            assertEquals(Set.of(), other, "step " + step);
        }
    }

    private static Set<String> shards(Set<String> rows) {
        return rows.stream().map(row -> row.substring(0, row.indexOf(':'))).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"100", "1000"})
    void aBatchOfAllRowsHasNoOthers(int batch) {
        BatchRows batches = new BatchRows(ROWS, new StratifiedSampler(ROWS, batch, 1, 0), null, null, 5L);
        assertEquals(100, rows(batches.other(new Batch.Other(3, 10))).size());
    }
}

package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.BatchTransform;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.quantity.LossSum;
import io.etastar.spark.StubEngine;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransformedCallTest {
    private static final int ROWS = 2 * TransformedCall.CHUNK + 5;

    /** Puts the seed's remainder in the place of the targets. */
    private record Seeded() implements BatchTransform {
        @Override
        public RowShape of(RowShape stored) {
            return stored;
        }

        @Override
        public boolean trainingOnly() {
            return false;
        }

        @Override
        public Shard apply(Shard shard, int[] rows, long seed) {
            float[] features = new float[rows.length];
            float[] targets = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                features[i] = shard.features().floats()[rows[i]];
                targets[i] = Math.floorMod(seed, 1000);
            }
            return new Shard(rows.length, RawArray.of(features), RawArray.of(targets));
        }
    }

    /** Features and targets of all rows, in the order in which an engine sees them, then the engine's seeds. */
    private static double[] seen(Long seed, int index) {
        List<Double> values = new ArrayList<>();
        List<Long> seeds = new ArrayList<>();
        Engine engine = new StubEngine() {
            @Override
            public void setSeed(Long engineSeed) {
                seeds.add(engineSeed);
            }
        };
        EngineCall<LossSum> call = (given, shard, rows) -> {
            assertTrue(rows.length <= TransformedCall.CHUNK);
            for (int row : rows) {
                values.add(shard.features().get(row));
                values.add(shard.targets().get(row));
            }
            return new LossSum(rows.length, 0, 0);
        };
        float[] features = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            features[i] = i;
        }
        Shard shard = new Shard(ROWS, RawArray.of(features), RawArray.of(new float[ROWS]));
        int[] rows = IntStream.range(0, ROWS).map(i -> ROWS - 1 - i).toArray();
        LossSum sum = new TransformedCall<>(new Seeded(), call).sum(engine, shard, rows, seed, index);
        assertEquals(ROWS, sum.samples(), "every row once");
        assertEquals(3, seeds.size());
        if (seed == null) {
            assertEquals(Arrays.asList(null, null, null), seeds);
        } else {
            assertEquals(3, new HashSet<>(seeds).size(), "other masks for other rows");
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test
    void rowsComeInOrderWithSeedsOfTheirOwn() {
        double[] first = seen(7L, 3);
        for (int i = 0; i < ROWS; i++) {
            assertEquals(ROWS - 1 - i, first[2 * i]);
        }
        assertNotEquals(first[1], first[2 * TransformedCall.CHUNK + 1], "another seed for the next thousands");
        assertArrayEquals(first, seen(7L, 3), "the same again");
        assertNotEquals(first[1], seen(7L, 4)[1], "of another shard");
        assertNotEquals(first[1], seen(8L, 3)[1], "in another pass");
        assertArrayEquals(seen(null, 3), seen(null, 3), "the same in every evaluation");
    }
}

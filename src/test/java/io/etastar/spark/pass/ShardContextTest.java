package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.BatchTransform;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.StubEngine;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardContextTest {
    private static final int ROWS = 2 * ShardContext.CHUNK + 5;

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

    /** Makes {@code engine}. */
    private record One(Engine engine) implements EngineFactory {
        @Override
        public Engine create(Partition partition) {
            return engine;
        }

        @Override
        public String key(Partition partition) {
            return toString();
        }

        @Override
        public void prepareThread(int cores) {}
    }

    /** Features and targets of all rows, in the order in which an engine sees them, then the engine's seeds. */
    private static double[] seen(Long seed, int index) {
        List<Double> values = new ArrayList<>();
        List<Long> seeds = new ArrayList<>();
        StubEngine engine = new StubEngine() {
            @Override
            public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
                seeds.add(point.seed());
                return super.evaluate(quantity, shard, rows, point);
            }

            @Override
            protected GradientSum gradient(Shard shard, int[] rows) {
                assertTrue(rows.length <= ShardContext.CHUNK);
                for (int row : rows) {
                    values.add(shard.features().get(row));
                    values.add(shard.targets().get(row));
                }
                return new GradientSum(new LossSum(rows.length, 0, 0), RawArray.of(new float[1]));
            }
        };
        float[] features = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            features[i] = i;
        }
        Shard shard = new Shard(ROWS, RawArray.of(features), RawArray.of(new float[ROWS]));
        int[] rows = IntStream.range(0, ROWS).map(i -> ROWS - 1 - i).toArray();
        Point<RawArray> point = new Point<>(RawArray.of(new float[1]), null, seed);
        try (TaskEngines engines = new TaskEngines(new One(engine))) {
            ShardContext on = new ShardContext(index, shard, new Seeded(), engines);
            GradientSum sum = on.evaluate(new Quantity.Gradient(), rows, point);
            assertEquals(ROWS, sum.loss().samples(), "every row once");
        }
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
        assertNotEquals(first[1], first[2 * ShardContext.CHUNK + 1], "another seed for the next thousands");
        assertArrayEquals(first, seen(7L, 3), "the same again");
        assertNotEquals(first[1], seen(7L, 4)[1], "of another shard");
        assertNotEquals(first[1], seen(8L, 3)[1], "in another pass");
        assertArrayEquals(seen(null, 3), seen(null, 3), "the same in every evaluation");
    }
}

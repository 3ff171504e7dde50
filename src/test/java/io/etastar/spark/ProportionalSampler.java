package io.etastar.spark;

import java.util.Random;

/** Each batch takes the same fraction of every shard, in an order shuffled for each epoch. */
record ProportionalSampler(int[] rowsPerPartition, long stepsPerEpoch, long seed) implements RowSampler {
    @Override
    public Slice sliceOf(long step) {
        return new Part(rowsPerPartition, stepsPerEpoch, step);
    }

    @Override
    public int[] rows(int partition, long epoch, int from, int to) {
        int[] order = new int[rowsPerPartition[partition]];
        Random random = new Random(seed + 31 * epoch + 1009L * partition);
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return java.util.Arrays.copyOfRange(order, from, to);
    }

    private record Part(int[] rows, long steps, long step) implements Slice {
        @Override
        public long epoch() {
            return step / steps;
        }

        @Override
        public int from(int partition) {
            return (int) (rows[partition] * (step % steps) / steps);
        }

        @Override
        public int to(int partition) {
            return (int) (rows[partition] * (step % steps + 1) / steps);
        }
    }
}

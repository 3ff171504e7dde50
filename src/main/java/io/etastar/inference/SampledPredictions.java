package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * Some rows with what a network of one output or of classes predicts for them: those that it is most wrong of, and others spread over all.
 *
 * @param rows that were predicted
 * @param worst the farthest from its target first
 * @param spread in the order of the rows
 */
public record SampledPredictions(long rows, List<Row> worst, List<Row> spread) implements Serializable {
    private static final int BATCH = 512;

    /**
     * A row.
     *
     * @param target a number, or the index of a class
     * @param prediction the same
     * @param probability of the class that is predicted; 0 without classes
     * @param ofTarget probability of the row's own class; 0 without classes
     */
    public record Row(double target, double prediction, double probability, double ofTarget) implements Serializable {
        private static Row of(double target, int classes, double... outputs) {
            if (classes == 0) {
                return new Row(target, outputs[0], 0, 0);
            }
            double[] shares = NetworkCall.softmax(outputs);
            int likeliest = NetworkCall.largest(outputs);
            return new Row(target, likeliest, shares[likeliest], shares[(int) target]);
        }

        /** How far the prediction is from the target: the distance of numbers, or what its own class's probability lacks of 1; NaN is farthest. */
        private double distance(int classes) {
            double found = classes > 0 ? 1 - ofTarget : Math.abs(prediction - target);
            return Double.isNaN(found) ? Double.POSITIVE_INFINITY : found;
        }
    }

    /**
     * Predicts all rows; one pass.
     *
     * @param classes number of classes; 0 for one number
     * @param most rows of each kind
     */
    public static SampledPredictions of(JavaRDD<Shard> rows, TrainedNetwork network, int classes, int most) {
        List<Row> worst = new ArrayList<>();
        List<List<Row>> parts = new ArrayList<>();
        long count = 0;
        for (Carried<SampledPredictions> part :
                rows.map(shard -> Carried.of(of(shard, network, classes, most))).collect()) {
            worst.addAll(part.value().worst);
            parts.add(part.value().spread);
            count += part.value().rows;
        }
        return new SampledPredictions(count, worst(worst, classes, most), spread(parts, most));
    }

    private static SampledPredictions of(Shard shard, TrainedNetwork network, int classes, int most) {
        List<Row> found = new ArrayList<>();
        try (ModelOutputs engine = network.open(BATCH)) {
            for (int from = 0; from < shard.rows(); from += BATCH) {
                int first = from;
                int[] rows = new int[Math.min(BATCH, shard.rows() - from)];
                Arrays.setAll(rows, i -> first + i);
                Shard batch = shard.pick(rows);
                add(found, batch, network.outputs(engine, batch.features(), rows.length), classes);
            }
        }
        return new SampledPredictions(shard.rows(), worst(found, classes, most), even(found, most));
    }

    /** Rows with their outputs [rows, width] flat. */
    private static void add(List<Row> found, Shard batch, RawArray outputs, int classes) {
        double[] row = new double[outputs.length() / batch.rows()];
        for (int i = 0; i < batch.rows(); i++) {
            int start = i * row.length;
            Arrays.setAll(row, j -> outputs.get(start + j));
            found.add(Row.of(batch.targets().get(i), classes, row));
        }
    }

    private static List<Row> worst(List<Row> rows, int classes, int most) {
        return new ArrayList<>(rows.stream()
                .sorted(Comparator.comparingDouble((Row row) -> row.distance(classes))
                        .reversed())
                .limit(most)
                .toList());
    }

    /** As many of each part as there is room for. */
    private static List<Row> spread(List<List<Row>> parts, int most) {
        List<Row> all = new ArrayList<>();
        parts.forEach(all::addAll);
        return even(all, most);
    }

    private static List<Row> even(List<Row> rows, int most) {
        List<Row> taken = new ArrayList<>();
        int count = Math.min(most, rows.size());
        for (int i = 0; i < count; i++) {
            taken.add(rows.get((int) ((long) i * rows.size() / count)));
        }
        return taken;
    }
}

package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * How rows of each class are predicted: counts of label and likeliest class, each row counted by its weight. Pairs that do not occur take no
 * room.
 */
public final class Confusion implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BATCH = 512;

    private final int classes;
    private final TreeMap<Long, Double> pairs = new TreeMap<>();
    private long rows;

    /** @param classes number of classes */
    Confusion(int classes) {
        this.classes = classes;
    }

    /** The counts over rows; one pass. */
    public static Confusion of(JavaRDD<Shard> rows, TrainedNetwork network, int classes) {
        Confusion sum = new Confusion(classes);
        rows.map(shard -> Carried.of(of(shard, network, classes))).collect().forEach(part -> sum.add(part.value()));
        return sum;
    }

    private static Confusion of(Shard shard, TrainedNetwork network, int classes) {
        Confusion counts = new Confusion(classes);
        try (ModelOutputs engine = network.open(BATCH)) {
            for (int from = 0; from < shard.rows(); from += BATCH) {
                int first = from;
                int[] rows = new int[Math.min(BATCH, shard.rows() - from)];
                Arrays.setAll(rows, i -> first + i);
                Shard batch = shard.pick(rows);
                counts.add(batch, network.outputs(engine, batch.features(), rows.length));
            }
        }
        return counts;
    }

    /** Counts rows with their outputs [rows, classes] flat. */
    void add(Shard batch, RawArray outputs) {
        double[] row = new double[outputs.length() / batch.rows()];
        for (int i = 0; i < batch.rows(); i++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = outputs.get(i * row.length + j);
            }
            add((int) batch.targets().get(i), NetworkCall.largest(row), batch.weight(i));
        }
        rows += batch.rows();
    }

    private void add(Confusion other) {
        other.pairs.forEach((pair, weight) -> pairs.merge(pair, weight, Double::sum));
        rows += other.rows;
    }

    private void add(int label, int predicted, double weight) {
        pairs.merge((long) label * classes + predicted, weight, Double::sum);
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** Rows that were counted, whatever their weights. */
    public long rows() {
        return rows;
    }

    /** Weight of the rows of class {@code label} that are predicted as {@code predicted}. */
    public double at(int label, int predicted) {
        return pairs.getOrDefault((long) label * classes + predicted, 0.0);
    }

    /** Weight of the rows of a class. */
    public double of(int label) {
        return pairs(label).values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The class that rows of class {@code label} are most often predicted as in its place; -1 if there is none. */
    public int mistakenFor(int label) {
        int most = -1;
        for (Map.Entry<Long, Double> pair : pairs(label).entrySet()) {
            int predicted = (int) (pair.getKey() - (long) label * classes);
            if (predicted != label && pair.getValue() > (most < 0 ? 0 : at(label, most))) {
                most = predicted;
            }
        }
        return most;
    }

    private Map<Long, Double> pairs(int label) {
        return pairs.subMap((long) label * classes, (label + 1L) * classes);
    }

    /** Classes with rows, in order. */
    public List<Integer> labels() {
        return pairs.keySet().stream()
                .map(pair -> (int) (pair / classes))
                .distinct()
                .toList();
    }
}

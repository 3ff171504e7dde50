package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.spark.rows.Carried;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;

/** Fits of a network to rows, as they are and with columns of a table shuffled: one pass over the rows. */
public final class OutputFits {
    private static final int BATCH = 512;

    private OutputFits() {}

    /**
     * What a column is worth to a network: how much worse its outputs fit if the column's values are shuffled among the rows of a shard
     * (Breiman, 2001).
     *
     * @param column name
     * @param loss increase of the mean loss
     * @param accuracy decrease of the accuracy; 0 without classes
     */
    public record Importance(String column, double loss, double accuracy) implements Serializable {}

    /** The fit to all rows, as they come from their source. */
    public static OutputFit of(JavaRDD<Shard> rows, TrainedNetwork network, int classes) {
        return fits(rows, network, classes, List.of(), 0).get(0);
    }

    /**
     * The importance of each column of a table, in the order of the table.
     *
     * @param rows encoded
     * @param seed of the shuffles
     */
    public static List<Importance> importance(
            JavaRDD<Shard> rows, TrainedNetwork network, int classes, TableEncoding table, long seed) {
        List<OutputFit> fits = fits(rows, network, classes, inputs(table), seed);
        List<Importance> all = new ArrayList<>();
        for (int i = 1; i < fits.size(); i++) {
            all.add(new Importance(
                    table.names().get(i - 1),
                    fits.get(i).meanLoss() - fits.get(0).meanLoss(),
                    classes == 0 ? 0 : fits.get(0).accuracy() - fits.get(i).accuracy()));
        }
        return all;
    }

    /** Places of each column's inputs. */
    private static List<int[]> inputs(TableEncoding table) {
        List<int[]> places = new ArrayList<>();
        int number = 0;
        int index = table.numbers();
        for (ColumnEncoding column : table.columns()) {
            int count = column.isEmbedded() ? 1 : column.inputs().size();
            int[] own = new int[count];
            for (int i = 0; i < count; i++) {
                own[i] = column.isEmbedded() ? index++ : number++;
            }
            places.add(own);
        }
        return places;
    }

    /** Of the rows as they are, then with each group of inputs shuffled; shards are added up in their order. */
    private static List<OutputFit> fits(
            JavaRDD<Shard> rows, TrainedNetwork network, int classes, List<int[]> groups, long seed) {
        List<Carried<ArrayList<OutputFit>>> parts = rows.mapPartitionsWithIndex(
                        (index, shards) -> {
                            List<Carried<ArrayList<OutputFit>>> all = new ArrayList<>();
                            while (shards.hasNext()) {
                                all.add(Carried.of(fits(shards.next(), network, classes, groups, seed + index)));
                            }
                            return all.iterator();
                        },
                        true)
                .collect();
        List<OutputFit> sums = new ArrayList<>();
        for (int i = 0; i <= groups.size(); i++) {
            OutputFit sum = OutputFit.none();
            for (Carried<ArrayList<OutputFit>> part : parts) {
                sum = sum.plus(part.value().get(i));
            }
            sums.add(sum);
        }
        return sums;
    }

    private static ArrayList<OutputFit> fits(
            Shard shard, TrainedNetwork network, int classes, List<int[]> groups, long seed) {
        ArrayList<OutputFit> fits = new ArrayList<>();
        try (ModelOutputs engine = network.open(BATCH)) {
            fits.add(fit(shard, null, null, network, engine, classes));
            Random random = new Random(seed);
            for (int[] group : groups) {
                fits.add(fit(shard, permutation(shard.rows(), random), group, network, engine, classes));
            }
        }
        return fits;
    }

    private static int[] permutation(int rows, Random random) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int at = random.nextInt(i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        return order;
    }

    /** @param order of the rows that the inputs of {@code group} are taken from, or null for their own */
    private static OutputFit fit(
            Shard shard, int[] order, int[] group, TrainedNetwork network, ModelOutputs engine, int classes) {
        OutputFit sum = OutputFit.none();
        int length = shard.featureLength();
        int targets = shard.targetLength();
        for (int from = 0; from < shard.rows(); from += BATCH) {
            int count = Math.min(BATCH, shard.rows() - from);
            double[] features = new double[count * length];
            float[] labels = new float[count * targets];
            double[] weights = new double[count];
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < length; j++) {
                    features[i * length + j] = shard.features().get((from + i) * length + j);
                }
                for (int place : group == null ? new int[0] : group) {
                    features[i * length + place] = shard.features().get(order[from + i] * length + place);
                }
                for (int j = 0; j < targets; j++) {
                    labels[i * targets + j] = (float) shard.targets().get((from + i) * targets + j);
                }
                weights[i] = shard.weight(from + i);
            }
            RawArray outputs = network.outputs(engine, RawArray.of(features), count);
            Shard batch = new Shard(count, RawArray.of(features), RawArray.of(labels), weights);
            sum = sum.plus(OutputFit.of(batch, outputs, classes));
        }
        return sum;
    }
}

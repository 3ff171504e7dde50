package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.engine.DeviceMemory;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Second derivatives of a network's mean loss in the scales of a table's columns: exact, in double precision.
 *
 * <p>The scale w_s of column s draws its inputs x_s towards their means c_s over the rows: c_s + w_s (x_s - c_s), at w_s = 1. An embedded
 * column's inputs are its embedding. To second order
 *
 * <pre>
 *     h[s][t] = L(neither s nor t) - L(not s) - L(not t) + L(all)
 * </pre>
 *
 * where "not s" has s at its mean in all rows. Positive: each makes up for the other's loss, as columns that tell the same do.
 * Negative: either is of use only with the other.
 *
 * @param columns names, in the order of the table
 * @param rows sum of the rows' weights
 * @param loss mean loss
 * @param g derivative of the mean loss in each column's scale [S]
 * @param h second derivatives [S][S], symmetric
 */
public record ColumnInteractions(List<String> columns, double rows, double loss, double[] g, double[][] h) {
    /**
     * An interaction of two columns.
     *
     * @param first the earlier one in the table
     * @param second another one
     * @param value h of both
     */
    public record Pair(String first, String second, double value) implements Serializable {}

    /** All pairs of different columns, the strongest interaction first. */
    public List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int s = 0; s < columns.size(); s++) {
            for (int t = s + 1; t < columns.size(); t++) {
                pairs.add(new Pair(columns.get(s), columns.get(t), h[s][t]));
            }
        }
        pairs.sort(Comparator.comparingDouble(pair -> -Math.abs(pair.value())));
        return pairs;
    }

    /**
     * The interactions over rows: a pass for the means of the columns, and a pass for the derivatives, whose cost is that of a summary with
     * as many subsets as there are columns.
     *
     * @param rows encoded, and not empty
     * @throws io.etastar.UserError if the network is no perceptron, or a device lacks the memory for so many subsets
     */
    public static ColumnInteractions of(JavaRDD<Shard> rows, TrainedNetwork network, TableEncoding table) {
        // Columns of numbers first, as the inputs of the first layer are.
        int[] order = order(table);
        int[] widths =
                IntStream.of(order).map(i -> width(table.columns().get(i))).toArray();
        double[] theta = network.point().theta().toDoubles();
        ParameterLayout plain = network.model().build(DType.DOUBLE).layout();
        double[] centres = centres(rows, table, theta, plain);
        ModelDescription scaled = network.model().withColumnScales(widths, centres);
        ParameterLayout layout = scaled.build(DType.DOUBLE).layout();
        Task task = new Task(scaled, partition(layout, widths.length), point(layout, theta), network.backend());
        task.check(rows);
        DerivativeSummary sum = DerivativeSummary.zero(widths.length + 1);
        rows.mapPartitions(task::summaries, true).collect().forEach(sum::merge);
        return ordered(table, order, sum.mean(), sum.samples());
    }

    private static int[] order(TableEncoding table) {
        return Stream.of(false, true)
                .flatMap(embedded -> IntStream.range(0, table.columns().size())
                        .filter(i -> table.columns().get(i).isEmbedded() == embedded)
                        .boxed())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int width(ColumnEncoding column) {
        return column.isEmbedded() ? column.embeddingWidth() : column.inputs().size();
    }

    /** Means of the numbers over the rows, and of the embeddings. */
    private static double[] centres(JavaRDD<Shard> rows, TableEncoding table, double[] theta, ParameterLayout layout) {
        int numbers = table.numbers();
        List<ColumnEncoding> embedded = table.embedded();
        int[] starts = new int[embedded.size() + 1];
        starts[0] = numbers;
        for (int i = 0; i < embedded.size(); i++) {
            starts[i + 1] = starts[i] + embedded.get(i).embeddingRows();
        }
        double[] sums = new double[starts[embedded.size()] + 1];
        rows.map(shard -> sums(shard, numbers, starts)).collect().forEach(part -> add(part, 1, sums, 0));
        double weight = sums[sums.length - 1];
        int length = numbers
                + embedded.stream().mapToInt(ColumnEncoding::embeddingWidth).sum();
        double[] centres = Arrays.copyOf(Arrays.copyOf(sums, numbers), length);
        int at = numbers;
        for (int i = 0; i < embedded.size(); i++) {
            int width = embedded.get(i).embeddingWidth();
            int from = layout.offset(layout.indexOf("embeddings." + i + ".weight"));
            for (int row = 0; row < embedded.get(i).embeddingRows(); row++) {
                double[] vector = Arrays.copyOfRange(theta, from + row * width, from + (row + 1) * width);
                add(vector, sums[starts[i] + row], centres, at);
            }
            at += width;
        }
        return Arrays.stream(centres).map(sum -> sum / weight).toArray();
    }

    /** Weighted sums of a shard's numbers, weights of the rows with each index, weight of all. */
    private static double[] sums(Shard shard, int numbers, int[] starts) {
        double[] sums = new double[starts[starts.length - 1] + 1];
        int length = shard.featureLength();
        for (int row = 0; row < shard.rows(); row++) {
            double weight = shard.weight(row);
            for (int j = 0; j < numbers; j++) {
                sums[j] += weight * shard.features().get(row * length + j);
            }
            for (int i = 0; i + 1 < starts.length; i++) {
                sums[starts[i] + (int) shard.features().get(row * length + numbers + i)] += weight;
            }
            sums[sums.length - 1] += weight;
        }
        return sums;
    }

    private static void add(double[] values, double factor, double[] sums, int at) {
        for (int j = 0; j < values.length; j++) {
            sums[at + j] += factor * values[j];
        }
    }

    private static boolean isScale(String parameter) {
        return parameter.startsWith("columns.");
    }

    /** A subset for each column, and one for all other parameters, which do not move. */
    private static Partition partition(ParameterLayout layout, int columns) {
        List<List<String>> groups = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            groups.add(List.of("columns." + i + ".scale"));
        }
        groups.add(layout.names().stream().filter(name -> !isScale(name)).toList());
        return new Partition(layout, groups);
    }

    private static Point<RawArray> point(ParameterLayout layout, double[] theta) {
        double[] all = new double[layout.size()];
        double[] direction = new double[layout.size()];
        int at = 0;
        for (int i = 0; i < layout.count(); i++) {
            if (isScale(layout.name(i))) {
                Arrays.fill(all, layout.offset(i), layout.offset(i) + layout.length(i), 1);
                Arrays.fill(direction, layout.offset(i), layout.offset(i) + layout.length(i), 1);
            } else {
                System.arraycopy(theta, at, all, layout.offset(i), layout.length(i));
                at += layout.length(i);
            }
        }
        return Point.along(RawArray.of(all), RawArray.of(direction));
    }

    private static ColumnInteractions ordered(TableEncoding table, int[] order, DerivativeSummary mean, double rows) {
        double[] g = new double[order.length];
        double[][] h = new double[order.length][order.length];
        double[] foundG = mean.g();
        double[][] foundH = mean.h();
        for (int s = 0; s < order.length; s++) {
            g[order[s]] = foundG[s];
            for (int t = 0; t < order.length; t++) {
                h[order[s]][order[t]] = foundH[s][t];
            }
        }
        return new ColumnInteractions(table.names(), rows, mean.loss(), g, h);
    }

    private record Task(ModelDescription model, Partition partition, Point<RawArray> point, BackendChoice backend)
            implements Serializable {
        /** Whether the devices, if it computes on such, have the memory. */
        void check(JavaRDD<Shard> rows) {
            if (backend.backend().hasMemoryOfItsOwn()) {
                int most = rows.map(Shard::rows).reduce(Math::max);
                DeviceMemory.check(
                        JavaSparkContext.fromSparkContext(rows.context()),
                        engines(most),
                        partition,
                        rows.getNumPartitions());
            }
        }

        private ProgramFactory engines(int rows) {
            return new ProgramFactory(model, DType.DOUBLE, 0, rows, rows, backend);
        }

        Iterator<DerivativeSummary> summaries(Iterator<Shard> shards) {
            List<DerivativeSummary> sums = new ArrayList<>();
            while (shards.hasNext()) {
                sums.add(summary(shards.next()));
            }
            return sums.iterator();
        }

        private DerivativeSummary summary(Shard shard) {
            ProgramFactory engines = engines(shard.rows());
            engines.prepareThread(1);
            try (Engine engine = engines.create(partition)) {
                int[] all = IntStream.range(0, shard.rows()).toArray();
                return engine.evaluate(new Quantity.Summary(partition), shard.roundedTo(DType.DOUBLE), all, point);
            }
        }
    }
}

package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.Scale;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.cuda.Emulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Interactions against sums written out here, and against differences of losses. */
class ColumnInteractionsTest {
    private static JavaSparkContext context;

    @BeforeAll
    static void open() {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("interactions")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
    }

    @AfterAll
    static void close() {
        context.stop();
    }

    private static ColumnEncoding column(String name, Kind kind, int inputs) {
        return new ColumnEncoding(
                name, kind, Collections.nCopies(inputs, Scale.IDENTITY), false, List.of(), inputs == 0 ? 9 : 0);
    }

    private static TrainedNetwork network(String json, double[] theta, int inputs) {
        return new TrainedNetwork(
                new ModelDescription(json), Point.at(RawArray.of(theta)), new int[] {inputs}, 1, null);
    }

    private static double[] numbers(Random random, int count) {
        return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    /** Of z = x a + b and (z - y)^2: h_st = 2 mean of a_s (x_s - c_s) a_t (x_t - c_t), and g_s = 2 mean of (z - y) a_s (x_s - c_s). */
    @Test
    void interactionsOfALinearModelAreCovariances() {
        Random random = new Random(1);
        int rows = 40;
        double[] x = numbers(random, rows * 3);
        double[] weights = IntStream.range(0, rows).mapToDouble(i -> 1 + i % 3).toArray();
        float[] y = new float[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = (float) random.nextGaussian();
        }
        double[] theta = {0.5, -1.5, 2, 0.25};
        TableEncoding table = new TableEncoding(
                List.of(column("a", Kind.NUMBER, 1), column("b", Kind.NUMBER, 1), column("c", Kind.NUMBER, 1)),
                TableEncoding.Invalid.KEEP);
        ColumnInteractions found = ColumnInteractions.of(
                context.parallelize(List.of(
                        shard(x, y, weights, 0, 15, 3),
                        shard(x, y, weights, 15, 16, 3),
                        shard(x, y, weights, 16, 40, 3))),
                network(
                        "{\"model\":\"perceptron\",\"layers\":[3,1],\"input\":[3],\"target\":[1],"
                                + "\"activation\":\"tanh\",\"loss\":\"mse\"}",
                        theta,
                        3),
                table);
        double total = Arrays.stream(weights).sum();
        double[] centres = new double[3];
        for (int i = 0; i < rows; i++) {
            for (int s = 0; s < 3; s++) {
                centres[s] += weights[i] * x[i * 3 + s] / total;
            }
        }
        assertEquals(total, found.rows());
        for (int s = 0; s < 3; s++) {
            double g = 0;
            for (int t = 0; t < 3; t++) {
                double h = 0;
                for (int i = 0; i < rows; i++) {
                    double left = theta[s] * (x[i * 3 + s] - centres[s]);
                    double right = theta[t] * (x[i * 3 + t] - centres[t]);
                    h += 2 * weights[i] * left * right / total;
                }
                assertEquals(h, found.h()[s][t], 1e-12);
            }
            for (int i = 0; i < rows; i++) {
                double z = theta[0] * x[i * 3] + theta[1] * x[i * 3 + 1] + theta[2] * x[i * 3 + 2] + theta[3];
                g += 2 * weights[i] * (z - y[i]) * theta[s] * (x[i * 3 + s] - centres[s]) / total;
            }
            assertEquals(g, found.g()[s], 1e-12);
        }
    }

    /** A table whose embedded columns come first and last, and whose columns have several inputs. */
    @Test
    void interactionsAreDerivativesInTheScales() {
        TableEncoding table = new TableEncoding(
                List.of(
                        column("town", Kind.CATEGORY, 0),
                        column("age", Kind.NUMBER, 1),
                        column("pair", Kind.VECTOR, 2),
                        column("job", Kind.CATEGORY, 0)),
                TableEncoding.Invalid.KEEP);
        int width = table.columns().get(0).embeddingWidth();
        Random random = new Random(2);
        int rows = 30;
        double[] x = numbers(random, rows * 5);
        float[] y = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i * 5 + 3] = random.nextInt(10);
            x[i * 5 + 4] = random.nextInt(10);
            y[i] = random.nextInt(3);
        }
        double[] weights = new double[rows];
        Arrays.fill(weights, 1);
        Mlp mlp = new Mlp(numbers(random, 2 * 10 * width + (3 + 2 * width) * 4 + 4 + 4 * 3 + 3), width);
        ColumnInteractions found = ColumnInteractions.of(
                context.parallelize(List.of(shard(x, y, weights, 0, 11, 5), shard(x, y, weights, 11, 30, 5)), 2),
                network(
                        "{\"model\":\"perceptron\",\"layers\":[5,4,3],\"input\":[5],\"embeddings\":[10,10],"
                                + "\"embedding_widths\":[" + width + "," + width
                                + "],\"activation\":\"tanh\",\"loss\":\"nll\",\"classes\":3}",
                        mlp.theta,
                        5),
                table);
        assertEquals(List.of("town", "age", "pair", "job"), found.columns());
        assertEquals(mlp.loss(x, y, 1, 1, 1, 1), found.loss(), 1e-12);
        double step = 2e-3;
        for (int s = 0; s < 4; s++) {
            assertEquals(
                    (mlp.loss(x, y, moved(s, step, s, 0)) - mlp.loss(x, y, moved(s, -step, s, 0))) / (2 * step),
                    found.g()[s],
                    1e-5);
            for (int t = 0; t < 4; t++) {
                double difference = (mlp.loss(x, y, moved(s, step, t, step))
                                - mlp.loss(x, y, moved(s, step, t, -step))
                                - mlp.loss(x, y, moved(s, -step, t, step))
                                + mlp.loss(x, y, moved(s, -step, t, -step)))
                        / (4 * step * step);
                assertEquals(difference, found.h()[s][t], 1e-4, s + ", " + t);
            }
        }
        List<ColumnInteractions.Pair> pairs = found.pairs();
        assertEquals(6, pairs.size());
        for (int i = 0; i + 1 < pairs.size(); i++) {
            assertEquals(
                    true,
                    Math.abs(pairs.get(i).value()) >= Math.abs(pairs.get(i + 1).value()));
        }
    }

    @Test
    void aNetworkOfAnotherKindIsNamed() {
        TableEncoding table = new TableEncoding(List.of(column("a", Kind.NUMBER, 2)), TableEncoding.Invalid.KEEP);
        TrainedNetwork network = network(
                "{\"model\":\"autoencoder\",\"layers\":[2,1],\"input\":[2],\"activation\":\"tanh\",\"loss\":\"mse\"}",
                new double[7],
                2);
        Shard rows = new Shard(1, RawArray.of(new double[2]), RawArray.of(new float[2]));
        UserError error = assertThrows(
                UserError.class, () -> ColumnInteractions.of(context.parallelize(List.of(rows)), network, table));
        assertEquals("model.model: found autoencoder, expected perceptron", error.getMessage());
    }

    @Test
    void aDeviceWithoutTheMemoryIsToldBeforeThePass() {
        TableEncoding table = new TableEncoding(List.of(column("a", Kind.NUMBER, 2)), TableEncoding.Invalid.KEEP);
        TrainedNetwork network = network(
                        "{\"model\":\"perceptron\",\"layers\":[2,1],\"input\":[2],\"target\":[1],"
                                + "\"activation\":\"tanh\",\"loss\":\"mse\"}",
                        new double[3],
                        2)
                .on(BackendChoice.of("cuda", Emulator.libraries().toString()));
        Shard rows = new Shard(1, RawArray.of(new double[2]), RawArray.of(new float[1]));
        Emulator.recover();
        Emulator.capacity(Emulator.held().get(0) + (1 << 20));
        try {
            String message = assertThrows(
                            UserError.class,
                            () -> ColumnInteractions.of(context.parallelize(List.of(rows), 1), network, table))
                    .getMessage();
            assertTrue(message.contains("found 1m free for the engines of one task, expected "), message);
        } finally {
            Emulator.recover();
        }
    }

    private static double[] moved(int s, double first, int t, double second) {
        double[] scales = {1, 1, 1, 1};
        scales[s] += first;
        scales[t] += second;
        return scales;
    }

    private static Shard shard(double[] x, float[] y, double[] weights, int from, int to, int length) {
        return new Shard(
                to - from,
                RawArray.of(Arrays.copyOfRange(x, from * length, to * length)),
                RawArray.of(Arrays.copyOfRange(y, from, to)),
                Arrays.copyOfRange(weights, from, to));
    }

    /** Embeddings of ten rows of columns 0 and 3, numbers of columns 1 and 2 in front of them, four hidden units, three classes. */
    private record Mlp(double[] theta, int width) {
        double loss(double[] x, float[] y, double... scales) {
            List<double[]> inputs = new ArrayList<>();
            for (int i = 0; i < y.length; i++) {
                double[] row = Arrays.copyOf(new double[] {x[i * 5], x[i * 5 + 1], x[i * 5 + 2]}, 3 + 2 * width);
                for (int e = 0; e < 2; e++) {
                    int from = (e * 10 + (int) x[i * 5 + 3 + e]) * width;
                    System.arraycopy(theta, from, row, 3 + e * width, width);
                }
                inputs.add(row);
            }
            int all = 3 + 2 * width;
            double[] centres = new double[all];
            inputs.forEach(row -> IntStream.range(0, all).forEach(j -> centres[j] += row[j] / y.length));
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                double[] row = inputs.get(i);
                for (int j = 0; j < all; j++) {
                    int of = j == 0 ? 1 : j < 3 ? 2 : j < 3 + width ? 0 : 3;
                    row[j] = centres[j] + scales[of] * (row[j] - centres[j]);
                }
                sum += loss(row, (int) y[i]);
            }
            return sum / y.length;
        }

        private double loss(double[] row, int label) {
            int at = 20 * width;
            double[] hidden = dense(row, at, 4);
            for (int j = 0; j < 4; j++) {
                hidden[j] = Math.tanh(hidden[j]);
            }
            double[] logits = dense(hidden, at + row.length * 4 + 4, 3);
            return Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[label];
        }

        private double[] dense(double[] in, int at, int out) {
            double[] z = Arrays.copyOfRange(theta, at + in.length * out, at + in.length * out + out);
            for (int i = 0; i < in.length; i++) {
                for (int j = 0; j < out; j++) {
                    z[j] += in[i] * theta[at + i * out + j];
                }
            }
            return z;
        }
    }
}

package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.etastar.storage.StoredModel;
import io.etastar.table.ClassValues;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.Scale;
import io.etastar.table.TableEncoder;
import io.etastar.table.TableEncoding;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxColumnsTest {
    /** Two columns have the names of the graph's own features and targets. */
    static final TableEncoding TABLE = new TableEncoding(
            List.of(
                    column("x", Kind.NUMBER, true, Scale.linear(1.7e9, 3.5)),
                    column("skewed", Kind.NUMBER, false, Scale.quantiles(0, 0, 1, 2, 10, 100)),
                    column("day", Kind.DATE, true, scales(5)),
                    column("moment", Kind.TIMESTAMP, false, scales(7)),
                    column("pair", Kind.VECTOR, true, Scale.linear(1, 2), Scale.quantiles(0, 1, 3)),
                    new ColumnEncoding(
                            "job",
                            Kind.CATEGORY,
                            List.of(Scale.linear(0.5, 1), Scale.linear(0.25, 1), Scale.linear(0.25, 1)),
                            true,
                            List.of("clerk", "nürse"),
                            0),
                    new ColumnEncoding("city", Kind.CATEGORY, List.of(), true, List.of("Oslo", "Rome", "x"), 0),
                    new ColumnEncoding("y", Kind.CATEGORY, List.of(), false, List.of(), 4)),
            TableEncoding.Invalid.KEEP);

    static final Object[][] ROWS = {
        {1700000001.25, 1.5, 19000.0, 19000.25, new double[] {1, 2}, "clerk", "Rome", "a"},
        {Double.NaN, -4.0, Double.NaN, 0.5, new double[] {Double.NaN, 1}, "nürse", null, "b"},
        {1700000000.5, 1000.0, 3.0, Double.NaN, new double[] {0, 9}, null, "nowhere", "c"},
        {1699999999.0, 10.0, -400.0, -3.75, new double[] {5, 0.5}, "pilot", "x", "d"},
    };

    @TempDir
    Path directory;

    private static ColumnEncoding column(String name, Kind kind, boolean gaps, Scale... scales) {
        return new ColumnEncoding(name, kind, List.of(scales), gaps, List.of(), 0);
    }

    private static Scale[] scales(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i == 0 ? Scale.linear(18000, 400) : Scale.linear(0.1 * i, 0.7))
                .toArray(Scale[]::new);
    }

    @Test
    void rawColumnsGiveTheSameOutputs() throws OrtException {
        int width = TABLE.width();
        List<ColumnEncoding> embedded = TABLE.embedded();
        StoredModel encoded = Networks.stored(
                "{\"model\":\"perceptron\",\"activation\":\"tanh\",\"loss\":\"nll\",\"classes\":3,\"layers\":[" + width
                        + ",8,3],\"embeddings\":["
                        + embedded.get(0).embeddingRows() + ","
                        + embedded.get(1).embeddingRows()
                        + "],\"embedding_widths\":["
                        + embedded.get(0).embeddingWidth() + ","
                        + embedded.get(1).embeddingWidth() + "]}",
                false);
        StoredModel stored = new StoredModel(
                        encoded.description(), encoded.layout(), encoded.theta(), null, null, 3, TABLE)
                .with(ClassValues.named(List.of("ant", "cow", "the \"dog\"")));
        double[] features = new double[ROWS.length * width];
        TableEncoder encoder = new TableEncoder(TABLE);
        for (int i = 0; i < ROWS.length; i++) {
            double[] row = new double[width];
            assertNull(encoder.encode(ROWS[i], row));
            System.arraycopy(row, 0, features, i * width, width);
        }
        Path file = directory.resolve("table.onnx");
        OnnxFile.Names names = OnnxFile.write(file.toString(), stored, true);
        double[] outputs = Networks.outputs(stored, features, ROWS.length);
        Networks.assertClose(outputs, run(file, names.output()), 2e-6);
        assertArrayEquals(likeliest(outputs, stored.classValues().names()), labels(file, names.label()));
    }

    private static String[] likeliest(double[] outputs, List<String> names) {
        return IntStream.range(0, ROWS.length)
                .mapToObj(row -> names.get(IntStream.range(0, 3)
                        .boxed()
                        .max(Comparator.comparingDouble(j -> outputs[row * 3 + j]))
                        .orElseThrow()))
                .toArray(String[]::new);
    }

    private static String[] labels(Path file, String output) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (int i = 0; i < TABLE.columns().size(); i++) {
            inputs.put(TABLE.names().get(i), tensor(environment, i));
        }
        try (OrtSession session = environment.createSession(file.toString(), new OrtSession.SessionOptions());
                OrtSession.Result result = session.run(inputs)) {
            return (String[]) result.get(output).orElseThrow().getValue();
        }
    }

    private static double[] run(Path file, String output) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (int i = 0; i < TABLE.columns().size(); i++) {
            inputs.put(TABLE.names().get(i), tensor(environment, i));
        }
        try (OrtSession session = environment.createSession(file.toString(), new OrtSession.SessionOptions());
                OrtSession.Result result = session.run(inputs)) {
            assertEquals(
                    "[\"ant\",\"cow\",\"the \\\"dog\\\"\"]",
                    session.getMetadata().getCustomMetadata().get("class_names"));
            FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
            return IntStream.range(0, buffer.remaining())
                    .mapToDouble(i -> buffer.get(i))
                    .toArray();
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, int column) throws OrtException {
        ColumnEncoding encoding = TABLE.columns().get(column);
        long[] one = {ROWS.length, 1};
        if (encoding.buckets() > 0) {
            LongBuffer buckets = LongBuffer.allocate(ROWS.length);
            for (int i = 0; i < ROWS.length; i++) {
                buckets.put(i, TableEncoder.bucket((String) ROWS[i][column], encoding.buckets()));
            }
            return OnnxTensor.createTensor(environment, buckets, one);
        } else if (encoding.kind() == Kind.CATEGORY) {
            String[] texts = new String[ROWS.length];
            for (int i = 0; i < ROWS.length; i++) {
                texts[i] = ROWS[i][column] == null ? "" : (String) ROWS[i][column];
            }
            return OnnxTensor.createTensor(environment, texts, one);
        }
        int length = encoding.kind() == Kind.VECTOR ? 2 : 1;
        double[] values = new double[ROWS.length * length];
        for (int i = 0; i < values.length; i++) {
            Object cell = ROWS[i / length][column];
            values[i] = cell instanceof double[] vector ? vector[i % length] : (Double) cell;
        }
        return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values), new long[] {ROWS.length, length});
    }
}

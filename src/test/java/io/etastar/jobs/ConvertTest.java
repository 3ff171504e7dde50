package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained run in other formats, and back: its test accuracy and bytes stay the same. */
class ConvertTest {
    @TempDir
    static Path directory;

    private static String job;
    private static String run;
    private static JobRun trained;

    @BeforeAll
    static void train() throws IOException {
        job = JobRun.digits(directory);
        run = directory.resolve("run").toString();
        trained = JobRun.good(Train::run, job, "--output", run);
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }

    private static Map<String, String> convert(String... arguments) {
        JobRun job = JobRun.of(Convert::run, arguments);
        assertEquals(0, job.exitCode(), job.err());
        assertEquals(0, job.contexts(), "Spark contexts");
        return job.result();
    }

    private static void assertSameAccuracy(String model) {
        JobRun evaluation = JobRun.good(Evaluate::run, "--model", path(model), job);
        assertEquals(trained.result().get("test_accuracy"), evaluation.result().get("test_accuracy"));
    }

    @Test
    void arraysAndBackGiveTheSameBytes() throws IOException {
        String[] descriptions = {run, run + "/model/model.json", job};
        for (int i = 0; i < descriptions.length; i++) {
            String file = path("weights-" + i + ".npz");
            String back = "from-npz-" + i;
            Map<String, String> line = convert("--to", "npz", "--model", run, "--output", file);
            assertEquals(Map.of("format", "npz", "arrays", "4", "output", file), line);
            convert("--from", "npz", descriptions[i], "--parameters", file, "--output", path(back));
            assertArrayEquals(
                    Files.readAllBytes(Path.of(run, "model/parameters.bin")),
                    Files.readAllBytes(Path.of(path(back), "model/parameters.bin")));
        }
        assertArrayEquals(
                Files.readAllBytes(Path.of(run, "model/model.json")),
                Files.readAllBytes(Path.of(path("from-npz-0"), "model/model.json")));
        assertSameAccuracy("from-npz-1");
    }

    @Test
    void arraysWithMeanAndDeviationAreAWholeModel() {
        String file = path("in-out.npz");
        convert("--to", "npz", "--model", run, "--output", file, "--dense-layout", "in-out");
        double[] mean = io.etastar.storage.ModelDirectory.read(run).mean();
        double[] deviation = io.etastar.storage.ModelDirectory.read(run).deviation();
        convert(
                "--from",
                "npz",
                job,
                "--parameters",
                file,
                "--output",
                path("whole"),
                "--dense-layout",
                "in-out",
                "--mean",
                String.valueOf(mean[0]),
                "--deviation",
                String.valueOf(deviation[0]));
        assertSameAccuracy("whole");
    }

    @Test
    void graphAndBackPredictTheSame() throws IOException {
        String file = path("model.fb");
        Map<String, String> line = convert("--to", "samediff", "--model", run, "--output", file);
        String conf = path("graph.conf");
        Files.writeString(
                Path.of(conf),
                "model { model = samediff, file = \"" + file + "\", input_name = " + line.get("input_name")
                        + ", label_name = " + line.get("label_name") + ", output_name = " + line.get("output_name")
                        + ", loss_name = " + line.get("loss_name") + ", classes = " + line.get("classes") + " }\n");
        convert("--from", "samediff", conf, "--output", path("from-graph"));
        JobRun evaluation = JobRun.good(Evaluate::run, "--model", path("from-graph"), conf);
        assertEquals(trained.result().get("test_accuracy"), evaluation.result().get("test_accuracy"));
    }

    @Test
    void accuracyInAnOnnxRuntimeIsTheSame() throws OrtException {
        String file = path("model.onnx");
        Map<String, String> line = convert("--to", "onnx", "--model", run, "--output", file, "--probabilities");
        DataSource test = DigitsSource.test(1);
        Shard rows = test.read(0, test.rows());
        float[] pixels = new float[rows.rows() * rows.featureLength()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) rows.features().get(i);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        int correct = 0;
        try (OrtSession session = environment.createSession(file, new OrtSession.SessionOptions());
                OnnxTensor x = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(pixels), new long[] {rows.rows(), rows.featureLength()});
                OrtSession.Result result = session.run(Map.of(line.get("input_name"), x))) {
            assertEquals("EtaStar", session.getMetadata().getProducerName());
            float[][] logits = (float[][])
                    result.get(line.get("output_name")).orElseThrow().getValue();
            for (int i = 0; i < logits.length; i++) {
                correct += largest(logits[i]) == (int) rows.targets().get(i) ? 1 : 0;
            }
        }
        assertEquals(trained.figure("test_accuracy"), (double) correct / rows.rows(), 1e-4);
    }

    private static int largest(float... logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.onnx.OnnxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The job Audit: whether it names rates rightly, and whether what it offers does better. */
class AuditTest {
    @TempDir
    Path directory;

    private JobRun run;
    private int outputs;

    private JsonNode audit(String conf, String... more) throws IOException {
        Path output = directory.resolve("audit" + outputs++ + ".json");
        List<String> arguments = new ArrayList<>(List.of(conf, "--output=" + output));
        arguments.addAll(List.of(more));
        run = JobRun.good(Audit::run, arguments.toArray(new String[0]));
        return new ObjectMapper().readTree(output.toFile());
    }

    private static JsonNode find(JsonNode report, String kind) {
        for (JsonNode finding : report.get("findings")) {
            if (finding.get("kind").asText().equals(kind)) {
                return finding;
            }
        }
        return null;
    }

    private static double end(JsonNode run) {
        JsonNode losses = run.get("losses");
        return losses.get(losses.size() - 1).asDouble();
    }

    /** 0.03 is right for Adam in 40 steps on this perceptron. */
    @ParameterizedTest
    @CsvSource({"0.03, KEEP", "0.3, TOO_FAR", "0.003, TOO_SHORT"})
    void adamsRateIsNamed(double lr, String kind) throws IOException {
        String conf = JobRun.digits(directory);
        JsonNode report = audit(conf, "--set=optimizer.name=adam", "--set=optimizer.lr=" + lr);
        assertEquals(kind, report.get("findings").get(0).get("kind").asText(), run.out());
        assertEquals(lr, report.get("rate").asDouble());
        JsonNode own = report.get("trials").get(0);
        if (kind.equals("KEEP")) {
            assertEquals("none", run.result().get("offered"));
            assertEquals(lr, report.get("offered").asDouble());
            assertFalse(run.out().contains("take:"), run.out());
            return;
        }
        double offered = report.get("offered").asDouble();
        assertEquals(offered, run.figure("offered"), 1e-9);
        assertTrue(offered > 0.01 && offered < 0.1, run.out());
        assertTrue(
                run.out().contains("\ntake: --set optimizer.lr=" + run.result().get("offered") + "\n"), run.out());
        for (JsonNode trial : report.get("trials")) {
            if (Math.abs(trial.get("rate").asDouble() / offered - 1) < 1e-9) {
                assertTrue(end(trial) < end(own), run.out());
            }
        }
    }

    /** What is predicted is what is measured where steps are small, on the batches; rows apart are 375 of 1500. */
    @Test
    void oneStepIsMeasuredBesideItsPrediction() throws IOException {
        JsonNode report =
                audit(JobRun.digits(directory), "--set=optimizer.name=sgd", "--set=optimizer.lr=0.05", "--steps=10");
        JsonNode steps = report.get("one_step");
        assertEquals(7, steps.size());
        JsonNode last = steps.get(6);
        double predicted = last.get("predicted").asDouble();
        assertTrue(predicted > 0);
        assertEquals(predicted, last.get("batches").asDouble(), 2e-3 * predicted);
        assertEquals(375, report.get("rows").get("apart").asInt(), 2);
        assertEquals(8, report.get("rows").get("batches").asInt());
        assertEquals(4, report.get("tensors").size());
    }

    /** The rate that is offered lowers the test loss of the job itself. */
    @Test
    void whatIsOfferedTrainsBetter() throws IOException {
        String conf = JobRun.digits(directory, "optimizer.name = sgd", "optimizer.lr = 0.002", "training.epochs = 2");
        JsonNode report = audit(conf);
        assertEquals("TOO_SHORT", report.get("findings").get(0).get("kind").asText(), run.out());
        double before = trained(conf, "before");
        double after = trained(
                conf, "after", "--set=optimizer.lr=" + report.get("offered").asDouble());
        assertTrue(after < 0.8 * before, before + " " + after);
    }

    private double trained(String conf, String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(conf, "--output=" + directory.resolve(name)));
        arguments.addAll(List.of(more));
        return JobRun.good(Train::run, arguments.toArray(new String[0])).figure("test_loss");
    }

    /** In the middle of training, eta* is another one than at the start. */
    @Test
    void aRunIsLookedAtWhereItStands() throws IOException {
        String conf = JobRun.digits(directory, "optimizer { name = adam, lr = 0.01 }", "training.max_steps = 20");
        trained(conf, "run");
        String longer = "--set=training.max_steps=200";
        JsonNode start = audit(conf, longer);
        JsonNode later = audit(conf, longer, "--model=" + directory.resolve("run"));
        assertFalse(run.err().contains("anew"), run.err());
        double first = start.get("trials").get(0).get("losses").get(0).asDouble();
        double there = later.get("trials").get(0).get("losses").get(0).asDouble();
        assertTrue(there < 0.7 * first, first + " " + there);
        // The same without its model: as it stands while it runs.
        Files.move(directory.resolve("run/model"), directory.resolve("model-of-the-end"));
        JsonNode running = audit(conf, longer, "--model=" + directory.resolve("run"));
        assertEquals(later.get("trials"), running.get("trials"));
    }

    @Test
    void keyBiasesOfAttentionHaveNoSlope() throws IOException {
        Path conf = directory.resolve("attention.conf");
        Files.writeString(
                conf,
                "model { model = transformer, features = 8, length = 8, classes = 10, width = 8, heads = 2, depth = 1 }\n"
                        + "data { source = digits, partitions = 2 }\noptimizer { name = adam, lr = 0.01 }\n"
                        + "training { epochs = 1, batch = 100 }\n");
        JsonNode report = audit(conf.toString(), "--steps=10", "--batches=3");
        assertEquals(
                "[\"layers.0.attention.key.bias\"]",
                find(report, "NO_SLOPE").get("names").toString(),
                run.out());
    }

    /** Steps as jobs are the steps next to the data. */
    @Test
    void whereStepsAreMadeIsTheSame() throws IOException {
        String conf = JobRun.digits(directory, "optimizer { name = sgd, lr = 0.5 }");
        JsonNode near = audit(conf, "--steps=10", "--batches=3");
        assertEquals(near, audit(conf, "--steps=10", "--batches=3", "--set=training.sync=step"));
    }

    /** A layer that is frozen, and one whose rectifiers are never above 0; what lies behind it has a slope. */
    @Test
    void frozenAndDeadLayersOfAFileAreNamed() throws IOException {
        double[] below = new double[16];
        Arrays.fill(below, -100);
        Random random = new Random(1);
        Path file = new OnnxFiles(64)
                .array(
                        "a.weight",
                        new long[] {16, 64},
                        random.doubles(16 * 64, -0.2, 0.2).toArray())
                .array("a.bias", new long[] {16}, new double[16])
                .array(
                        "dead.weight",
                        new long[] {16, 16},
                        random.doubles(256, -0.4, 0.4).toArray())
                .array("dead.bias", new long[] {16}, below)
                .array(
                        "b.weight",
                        new long[] {10, 16},
                        random.doubles(160, -0.4, 0.4).toArray())
                .array("b.bias", new long[] {10}, new double[10])
                .node("Gemm", "x,a.weight,a.bias", "z", "transB=1")
                .node("Relu", "z", "h")
                .node("Gemm", "h,dead.weight,dead.bias", "d", "transB=1")
                .node("Relu", "d", "r")
                .node("Add", "r,h", "s")
                .node("Gemm", "s,b.weight,b.bias", "logits", "transB=1")
                .write(directory.resolve("net.onnx"), "logits");
        String conf = Files.writeString(
                        directory.resolve("net.conf"),
                        "model { model = onnx, file = \"" + file + "\", loss = nll, frozen = \"a.*\" }\n"
                                + "data { source = digits, partitions = 2 }\ntraining { epochs = 1, batch = 100 }\n"
                                + "optimizer { name = adam, lr = 0.01 }\n")
                .toString();
        JsonNode report = audit(conf, "--steps=10", "--batches=3");
        assertEquals("[\"a.*\"]", find(report, "STANDS_STILL").get("names").toString(), run.out());
        assertEquals(
                "[\"dead.weight\",\"dead.bias\"]",
                find(report, "NO_SLOPE").get("names").toString(),
                run.out());
        assertTrue(run.out().contains("\na.* stands still: in model.frozen.\n"), run.out());
    }

    /** A last layer behind a factor of ten thousand: its own eta* is far from that of the rest. */
    @Test
    void aLayerOfAnotherScaleIsNamed() throws IOException {
        Random random = new Random(1);
        Path file = new OnnxFiles(64)
                .array(
                        "a.weight",
                        new long[] {16, 64},
                        random.doubles(16 * 64, -0.2, 0.2).toArray())
                .array("a.bias", new long[] {16}, new double[16])
                .array(
                        "small.weight",
                        new long[] {10, 16},
                        random.doubles(160, -0.00004, 0.00004).toArray())
                .array("factor", new long[] {}, new double[] {10000})
                .node("Gemm", "x,a.weight,a.bias", "z", "transB=1")
                .node("Relu", "z", "h")
                .node("Mul", "small.weight,factor", "w")
                .node("Gemm", "h,w", "logits", "transB=1")
                .write(directory.resolve("net.onnx"), "logits");
        String conf = Files.writeString(
                        directory.resolve("net.conf"),
                        "model { model = onnx, file = \"" + file + "\", loss = nll }\n"
                                + "data { source = digits, partitions = 2 }\ntraining { epochs = 1, batch = 100 }\n"
                                + "optimizer { name = adam, lr = 0.00001 }\n")
                .toString();
        JsonNode differs = find(audit(conf), "DIFFERS");
        assertTrue(run.out().contains("small.weight could step less far than the rest"), run.out());
        assertTrue(differs.get("sentence").asText().contains("newton-summary"), run.out());
    }

    /** Losses of standardised targets are those of the targets as they are: what is offered is judged in the units of the job. */
    @Test
    void lossesAreInTheUnitsOfTheTargets() throws IOException {
        String conf = Files.writeString(
                        directory.resolve("table.conf"),
                        "model { model = perceptron, layers = [1, 8, 1], activation = tanh, loss = mse }\n"
                                + "data { source = csv, path = \"" + table() + "\", label = y, test_share = 0.2 }\n"
                                + "training { epochs = 1, batch = 32 }\noptimizer { name = adam, lr = 0.01 }\n")
                .toString();
        JsonNode report = audit(conf, "--steps=10", "--batches=3");
        double first = report.get("trials").get(0).get("losses").get(0).asDouble();
        // Deviations from the mean are 300 sin(2 x), of variance 300^2 (1 - exp(-8)) / 2.
        double variance = 45000;
        assertTrue(first > variance / 3 && first < 3 * variance, run.out());
        double predicted = report.get("one_step").get(6).get("predicted").asDouble();
        double measured = report.get("one_step").get(6).get("batches").asDouble();
        assertTrue(measured > 1, run.out());
        assertEquals(predicted, measured, 0.02 * predicted, run.out());
    }

    /** y about 1000 with a deviation of some hundreds. */
    private Path table() throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < 400; i++) {
            double x = random.nextGaussian();
            text.append(x).append(',').append(1000 + 300 * Math.sin(2 * x)).append('\n');
        }
        return Files.writeString(directory.resolve("table.csv"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newton-summary", "gen", "lodo", "prodigy", "d-adapted-adam"})
    void rulesThatFindTheirOwnRateHaveNothingToAudit(String name) throws IOException {
        String error = JobRun.error(Audit::run, JobRun.digits(directory), "--set=optimizer.name=" + name);
        assertTrue(error.contains("optimizer.name") && error.contains("nothing to audit"), error);
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        String conf = JobRun.digits(directory, "optimizer { name = adam, lr = 0.01 }");
        assertTrue(JobRun.error(Audit::run, conf, "--steps=9")
                .contains("--steps: found '9', expected a whole number from 10"));
        assertTrue(JobRun.error(Audit::run, conf, "--batches=x").contains("--batches: found 'x'"));
        assertTrue(JobRun.error(Audit::run, conf, "--output=" + directory).contains("a directory"));
        Path there = Files.writeString(directory.resolve("there.json"), "{}");
        assertTrue(JobRun.error(Audit::run, conf, "--output=" + there).contains("expected a new name"));
        assertTrue(JobRun.error(Audit::run, conf, "--set=training.sync=period").contains("training.sync"));
        assertTrue(JobRun.error(Audit::run, conf, "--model=" + directory.resolve("nowhere"))
                .contains("nowhere"));
    }
}

package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.onnx.OnnxFiles;
import io.etastar.report.Listeners;
import io.etastar.report.RunDirectory;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.SparkTestSession;
import io.etastar.storage.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartingPointTest {
    private static final String PERCEPTRON = "model = perceptron, layers = [64, 6, 10], activation = tanh, loss = nll";
    private static final String ADAM = "optimizer { name = adam, lr = 0.01 }";

    private static SparkTestSession session;

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private String run;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @BeforeEach
    void name() {
        run = directory.resolve("run").toString();
    }

    /** A job of 12 steps an epoch on the embedded digits. */
    private Configuration job(String model, String... more) throws IOException {
        String text = "model { " + model + " }\ndata { source = digits, partitions = 2 }\n"
                + "training { epochs = 2, batch = 125, checkpoint_steps = 5 }\nsummary.batch = 125\n"
                + String.join("\n", more);
        Path file = Files.writeString(directory.resolve("a.conf"), text);
        return Configuration.load(file.toString(), List.of());
    }

    private static TrainingPlan plan(Configuration job) {
        JobData.Sets rows = new JobData(() -> null).of(job);
        return Plans.of(job, rows.train(), rows.test(), rows::measure);
    }

    /** A run of the job, as train.sh leaves it. */
    private StoredModel trained(Configuration job) {
        TrainingPlan plan = plan(job);
        RunStore store = RunStore.directory(
                RunDirectory.create(run, job.resolved()), plan.checkpoints().keep());
        return new TrainingRun(session.context(), plan, store, new Listeners(List.of()))
                .run()
                .kept()
                .model();
    }

    /** The same, still without its model. */
    private void unfinished(Configuration job) throws IOException {
        trained(job);
        Files.move(Path.of(run, "model"), directory.resolve("the model"));
    }

    private StartingPoint point(Configuration job) {
        return StartingPoint.of(job, plan(job), run, said::add);
    }

    private static double[] theta(StartingPoint point) {
        return point.plan().model().initial().toDoubles();
    }

    /** More epochs than the run had: parameters, moments and the number of steps go on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLongerJobGoesOnWhereTheRunStands(boolean complete) throws IOException {
        StoredModel model = trained(job(PERCEPTRON, ADAM));
        if (!complete) {
            Files.move(Path.of(run, "model"), directory.resolve("the model"));
        }
        StartingPoint point = point(job(PERCEPTRON, ADAM, "training.epochs = 5"));
        assertEquals(24, point.step());
        assertArrayEquals(model.theta().toDoubles(), theta(point), 1e-6);
        assertFalse(point.plan().method().state().isEmpty());
        assertEquals(List.of(), said);
    }

    /** A job that has made all its steps is looked at where a new one would begin from its model. */
    @Test
    void aRunThatEndedBeginsAgain() throws IOException {
        Configuration job = job(PERCEPTRON, ADAM);
        StoredModel model = trained(job);
        StartingPoint point = point(job);
        assertEquals(0, point.step());
        assertArrayEquals(model.theta().toDoubles(), theta(point), 1e-6);
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains("has ended after 24 steps"), said.get(0));
    }

    /** Another optimizer cannot take the state: it starts anew from the parameters, and says so. */
    @ParameterizedTest
    @ValueSource(strings = {"optimizer { name = sgd, lr = 0.1 }", "optimizer { name = muon }"})
    void anotherOptimizerStartsAnew(String optimizer) throws IOException {
        StoredModel model = trained(job(PERCEPTRON, ADAM));
        StartingPoint point = point(job(PERCEPTRON, optimizer, "training.epochs = 5"));
        assertEquals(0, point.step());
        assertArrayEquals(model.theta().toDoubles(), theta(point), 1e-6);
        assertTrue(point.plan().method().state().isEmpty());
        assertEquals(1, said.size());
        assertTrue(said.get(0).startsWith("the optimizer starts anew: "), said.get(0));
    }

    /** A model alone, without the run that made it, has parameters and no state. */
    @Test
    void aModelAloneHasNoState() throws IOException {
        Configuration job = job(PERCEPTRON, ADAM);
        StoredModel model = trained(job);
        run = run + "/model";
        StartingPoint point = point(job(PERCEPTRON, ADAM, "training.epochs = 5"));
        assertEquals(0, point.step());
        assertArrayEquals(model.theta().toDoubles(), theta(point), 1e-6);
        assertTrue(said.get(0).startsWith("the optimizer starts anew: "), said.get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherModelIsAMistake(boolean complete) throws IOException {
        Configuration job = job(PERCEPTRON, ADAM);
        if (complete) {
            trained(job);
        } else {
            unfinished(job);
        }
        for (String other : List.of("layers = [64, 7, 10]", "activation = relu", "parameterisation = ntk")) {
            String model = PERCEPTRON + ", " + other;
            UserError error =
                    assertThrows(UserError.class, () -> StartingPoint.of(job(model, ADAM), plan(job), run, said::add));
            assertTrue(error.getMessage().contains("model." + other.split(" ")[0]), error.getMessage());
            assertTrue(error.getMessage().contains(run), error.getMessage());
        }
    }

    @Test
    void wrongPlacesAreMistakes() throws IOException {
        Configuration job = job(PERCEPTRON, ADAM);
        assertThrows(UserError.class, () -> point(job));
        Files.createDirectories(Path.of(run, "checkpoints"));
        assertTrue(assertThrows(UserError.class, () -> point(job)).getMessage().contains(run));
        Files.writeString(Path.of(run, "config.json"), job.resolved());
        String error = assertThrows(UserError.class, () -> point(job)).getMessage();
        assertTrue(error.contains("no checkpoint that is whole"), error);
    }

    /** A network of a file is the same one when it was stored as a graph. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNetworkOfAFileGoesOn(boolean complete) throws IOException {
        Random random = new Random(2);
        Path file = new OnnxFiles(64)
                .array("w", new long[] {64, 10}, random.doubles(640, -0.1, 0.1).toArray())
                .node("MatMul", "x,w", "logits")
                .write(directory.resolve("net.onnx"), "logits");
        String model = "model = onnx, loss = nll, file = \"" + file + "\"";
        StoredModel stored = trained(job(model, ADAM));
        if (!complete) {
            Files.move(Path.of(run, "model"), directory.resolve("the model"));
        }
        StartingPoint point = point(job(model, ADAM, "training.epochs = 5"));
        assertEquals(24, point.step());
        assertArrayEquals(stored.theta().toDoubles(), theta(point), 1e-6);
        assertEquals(List.of(), said);
        new OnnxFiles(64)
                .array("w", new long[] {64, 10}, new double[640])
                .node("MatMul", "x,w", "z")
                .node("Tanh", "z", "logits")
                .write(directory.resolve("other.onnx"), "logits");
        String other = model.replace("net.onnx", "other.onnx");
        UserError error = assertThrows(UserError.class, () -> point(job(other, ADAM, "training.epochs = 5")));
        assertTrue(error.getMessage().contains("model."), error.getMessage());
    }
}

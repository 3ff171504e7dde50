package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Jobs on a graph that was saved by SameDiff. */
class GraphFileJobsTest {
    private static final String PERCEPTRON =
            "{\"model\":\"perceptron\",\"layers\":[64,24,10],\"activation\":\"tanh\"," + "\"loss\":\"nll\"}";

    @TempDir
    Path directory;

    /** The zoo's perceptron with its initial values, saved. */
    private Path saved() {
        ModelDescription description = new ModelDescription(PERCEPTRON);
        Model model = description.build(DType.DOUBLE);
        double[] theta = description.initialParameters(1);
        ParameterLayout layout = model.layout();
        for (int i = 0; i < layout.count(); i++) {
            double[] part = java.util.Arrays.copyOfRange(theta, layout.offset(i), layout.offset(i) + layout.length(i));
            long[] shape =
                    java.util.Arrays.stream(layout.shape(i)).asLongStream().toArray();
            model.graph()
                    .setArrayForVariable(
                            layout.name(i), Nd4j.createFromArray(part).reshape(shape));
        }
        Path file = directory.resolve("graph.fb");
        model.graph().save(file.toFile(), false);
        return file;
    }

    private String conf(Path file, String output) throws IOException {
        String text = "model { model = samediff, file = \"" + file + "\", input_name = x, label_name = y,\n"
                + "  output_name = \"" + output + "\", loss_name = loss, classes = 10 }\n"
                + "optimizer { name = newton-summary, period = 5 }\n"
                + "training { epochs = 3, batch = 100 }\nsummary.batch = 500\ndata.partitions = 2\n";
        return Files.writeString(directory.resolve("graph.conf"), text).toString();
    }

    private static String output() {
        return new ModelDescription(PERCEPTRON).build().output();
    }

    @Test
    void aSavedGraphTrainsToTheBytesOfTheSameModelOfTheZoo() throws IOException {
        Path file = saved();
        Path run = directory.resolve("run");
        JobRun.good(Train::run, conf(file, output()), "--output", run.toString(), "--set", "dtype=double");
        Path zoo = directory.resolve("zoo");
        JobRun.good(Train::run, JobRun.digits(directory), "--output", zoo.toString(), "--set", "dtype=double");
        assertArrayEquals(
                Files.readAllBytes(zoo.resolve("model/parameters.bin")),
                Files.readAllBytes(run.resolve("model/parameters.bin")));
    }

    /** The zoo's perceptron with weights [out, in], of which one product is told to transpose its operand and the other has it transposed. */
    private Path turned(String json) {
        ModelDescription description = new ModelDescription(json);
        ParameterLayout layout = description.build(DType.DOUBLE).layout();
        double[] theta = description.initialParameters(1);
        SDVariable[] own = new SDVariable[layout.count()];
        SameDiff graph = SameDiff.create();
        for (int i = 0; i < own.length; i++) {
            double[] part = java.util.Arrays.copyOfRange(theta, layout.offset(i), layout.offset(i) + layout.length(i));
            long[] shape =
                    java.util.Arrays.stream(layout.shape(i)).asLongStream().toArray();
            INDArray values = Nd4j.createFromArray(part).reshape(shape);
            own[i] = graph.var(
                    layout.name(i), shape.length == 2 ? values.transpose().dup('c') : values);
        }
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 64);
        SDVariable y = graph.placeHolder("y", DataType.INT, -1);
        SDVariable hidden =
                graph.math.tanh(graph.linalg.mmul(x, own[0], false, true, false).add(own[1]));
        SDVariable z = hidden.mmul(graph.permute(own[2], 1, 0)).add(own[3]).rename("z");
        graph.loss.sparseSoftmaxCrossEntropy("loss", z, y);
        Path file = directory.resolve("turned.fb");
        graph.save(file.toFile(), false);
        return file;
    }

    /** Both with more outputs than inputs and with fewer. */
    @Test
    void weightsOfOutputsByInputsTrainAsThoseOfInputsByOutputs() throws IOException {
        String wide = PERCEPTRON.replace("24", "96");
        String[] set = {"--set", "dtype=double", "--set", "training.epochs=2", "--set", "optimizer.preset=solved"};
        Path file = turned(wide);
        JobRun imported = JobRun.good(Train::run, with(set, conf(file, "z"), "turned"));
        String zoo = JobRun.digits(directory);
        JobRun own = JobRun.good(Train::run, with(set, zoo, "zoo", "--set", "model.layers=[64,96,10]"));
        for (String figure : new String[] {"train_loss", "test_loss"}) {
            assertEquals(own.figure(figure), imported.figure(figure), 1e-6 * own.figure(figure), figure);
        }
    }

    private String[] with(String[] set, String conf, String output, String... more) {
        return Stream.of(
                        Stream.of(conf, "--output", directory.resolve(output).toString()),
                        Stream.of(set),
                        Stream.of(more))
                .flatMap(each -> each)
                .toArray(String[]::new);
    }

    @Test
    void whatWasStoredNeedsNoFile() throws IOException {
        Path file = saved();
        Path run = directory.resolve("run");
        JobRun trained = JobRun.good(Train::run, conf(file, output()), "--output", run.toString());
        Files.delete(file);
        JobRun evaluated = JobRun.good(Evaluate::run, "--model", run.toString());
        assertEquals(trained.result().get("test_accuracy"), evaluated.result().get("test_accuracy"));
        Path summary = directory.resolve("summary.json");
        JobRun summarized = JobRun.good(
                Summarize::run, "--model", run.toString(), "--data", testRows(), "--output", summary.toString());
        assertEquals(trained.figure("test_loss"), summarized.figure("loss"), 1e-5 * trained.figure("test_loss"));
    }

    private String testRows() throws IOException {
        Shard rows = DigitsSource.test(1).read(0, DigitsSource.test(1).rows());
        int n = rows.rows();
        String data = directory.resolve("test.npz").toString();
        NpzFile.Array x = new NpzFile.Array(new int[] {n, 64}, rows.features().toDoubles(), false);
        NpzFile.write(
                data,
                Map.of(
                        "x",
                        x,
                        "y",
                        new NpzFile.Array(new int[] {n}, rows.targets().toDoubles(), true)));
        return data;
    }

    @Test
    void mistakesAreFoundBeforeSparkStarts() throws IOException {
        Path file = saved();
        String run = directory.resolve("run").toString();
        String message = JobRun.error(Train::run, conf(file, "logits"), "--output", run);
        assertTrue(message.startsWith("model.output_name: found 'logits', expected a variable of " + file), message);
        String conf = conf(file, output());
        assertTrue(
                JobRun.error(Train::run, conf, "--output", run, "--set", "model.file=" + directory.resolve("b"))
                        .endsWith("/b: found no such file, expected one written by SameDiff's save"),
                "missing file");
        assertTrue(
                JobRun.error(Train::run, conf, "--output", run, "--set", "model.classes=9")
                        .endsWith("found 9, expected 10: digits (embedded), train has that many classes"),
                "classes");
    }

    @Test
    void anOpWithoutARuleIsNamed() throws IOException {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 64);
        SDVariable y = graph.placeHolder("y", DataType.INT, -1);
        SDVariable w = graph.var("w", Nd4j.zeros(DataType.FLOAT, 64, 10));
        SDVariable z = graph.cumsum(x.mmul(w), 1).rename("z");
        graph.loss.sparseSoftmaxCrossEntropy("loss", z, y);
        Path file = directory.resolve("cumsum.fb");
        graph.save(file.toFile(), false);
        String message = JobRun.error(
                Train::run,
                conf(file, "z"),
                "--output",
                directory.resolve("run").toString());
        assertTrue(message.startsWith("model: op 'cumsum' at graph node 'cumsum': no rule is registered"), message);
    }

    @Test
    void aPenaltyInTheLossHasNoGaussNewtonMatrix() throws IOException {
        String[] arguments = {
            conf(penalty(), "z"), "--output", directory.resolve("run").toString(), "--set", "optimizer.curvature=ggn"
        };
        assertEquals(
                "model: found loss 'loss' that depends on parameters by other ways than output 'z', expected a loss of the"
                        + " output alone for curvature ggn",
                JobRun.error(Train::run, arguments));
        arguments[4] = "optimizer.curvature=hessian";
        JobRun.good(Train::run, arguments);
    }

    private Path penalty() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 64);
        SDVariable y = graph.placeHolder("y", DataType.INT, -1);
        SDVariable w = graph.var("w", Nd4j.zeros(DataType.FLOAT, 64, 10));
        SDVariable z = x.mmul(w).rename("z");
        graph.loss
                .sparseSoftmaxCrossEntropy(z, y)
                .add("loss", graph.math.square(w).sum());
        Path file = directory.resolve("penalty.fb");
        graph.save(file.toFile(), false);
        return file;
    }

    /** The same with nothing set, resumed too: the preset's matrix is not what was asked for. */
    @Test
    void aPenaltyInTheLossTrainsByTheHessianIfNothingIsSet() throws IOException {
        String run = directory.resolve("run").toString();
        String[] arguments = {conf(penalty(), "z"), "--output", run};
        JobRun made = JobRun.good(Train::run, arguments);
        String said = "optimizer.curvature: hessian, for the loss is no curved function of the model's output alone";
        assertTrue(made.err().contains(said), made.err());
        assertTrue(Files.readString(directory.resolve("run/summaries.jsonl")).contains("\"curvature\":\"hessian\""));
        JobRun.good(Train::run, arguments[0], "--output", run, "--resume");
    }
}

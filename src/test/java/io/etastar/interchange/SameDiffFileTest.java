package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.onnxruntime.OrtException;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.BatchMeans;
import io.etastar.taylor.Program;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks of the zoo as files of SameDiff: what ND4J alone computes from them, and the way back. */
class SameDiffFileTest {
    private static final int ROWS = 7;

    @TempDir
    Path directory;

    static Stream<String> names() {
        return OnnxZooTest.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void nd4jAlonePredictsTheSame(String name) {
        StoredModel stored = Networks.stored(name);
        Path file = directory.resolve("model.fb");
        SameDiffFile.Names names = SameDiffFile.write(file.toString(), stored);
        double[] features = Networks.features(stored, ROWS);
        double[] expected = Networks.outputs(stored, features, ROWS);
        Networks.assertClose(expected, predicted(file, names, features), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsAModelAgainThatCanBeWritten(String name) throws OrtException {
        StoredModel stored = Networks.stored(name);
        StoredModel back = imported(stored, directory.resolve("model.fb"));
        assertEquals(
                Set.copyOf(stored.layout().names()), Set.copyOf(back.layout().names()));
        double[] features = Networks.features(stored, ROWS);
        double[] expected = Networks.outputs(stored, features, ROWS);
        Networks.assertClose(expected, Networks.outputs(back, features, ROWS), 1e-6);

        SameDiffFile.Names again =
                SameDiffFile.write(directory.resolve("again.fb").toString(), back);
        Networks.assertClose(expected, predicted(directory.resolve("again.fb"), again, features), 1e-5);

        Path onnx = directory.resolve("again.onnx");
        OnnxFile.Names names = OnnxFile.write(onnx.toString(), back, false);
        assertEquals(again.output(), names.output());
        try (OnnxRun run = new OnnxRun(onnx)) {
            Networks.assertClose(expected, run.output(names.output(), features, ROWS), 1e-5);
        }
    }

    @Test
    void batchNormOfAGraphOfItsOwnKeepsStatistics() {
        StoredModel stored = Networks.stored("vgg batch norm for prediction");
        List<Statistic> statistics = new ModelDescription(stored.description()).statistics();
        StoredModel trained = Networks.stored("vgg batch norm");
        StoredModel own = imported(trained, directory.resolve("own.fb"));
        ModelDescription graph = new ModelDescription(own.description());
        assertEquals(
                statistics.stream().map(Statistic::name).toList(),
                BatchMeans.of(graph.build()).stream().map(BatchMeans.Mean::name).toList());
        StoredModel predicting = new StoredModel(
                graph.withStatistics(statistics).json(), own.layout(), own.theta(), null, null, own.classes());
        assertFalse(Program.mixesRows(new ModelDescription(predicting.description()).build()));
        double[] features = Networks.features(stored, ROWS);
        double[] expected = Networks.outputs(stored, features, ROWS);
        Networks.assertClose(expected, Networks.outputs(predicting, features, ROWS), 1e-6);
        int length = features.length / ROWS;
        double[] alone = Networks.outputs(predicting, Arrays.copyOf(features, length), 1);
        Networks.assertClose(Arrays.copyOf(expected, alone.length), alone, 1e-6);
    }

    private static StoredModel imported(StoredModel stored, Path file) {
        SameDiffFile.Names names = SameDiffFile.write(file.toString(), stored);
        String json = "{\"model\":\"samediff\",\"file\":\"" + file + "\",\"input_name\":\"" + names.input()
                + "\",\"label_name\":\"" + names.label() + "\",\"output_name\":\"" + names.output()
                + "\",\"loss_name\":\"" + names.loss() + "\""
                + (stored.classes() > 0 ? ",\"classes\":" + stored.classes() : "") + "}";
        return SameDiffFile.read(new ModelDescription(json).loaded());
    }

    /** What ND4J computes from a file. */
    private static double[] predicted(Path file, SameDiffFile.Names names, double... features) {
        SameDiff graph = SameDiff.load(file.toFile(), false);
        SDVariable x = graph.getVariable(names.input());
        long[] shape = x.placeholderShape().clone();
        shape[0] = ROWS;
        INDArray rows = Nd4j.createFromArray(features).reshape(shape).castTo(x.dataType());
        INDArray output = graph.output(Map.of(names.input(), rows), names.output())
                .get(names.output())
                .castTo(DataType.DOUBLE);
        return output.dup('c').reshape(output.length()).toDoubleVector();
    }
}

package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.graph.ModelDescription;
import io.etastar.storage.StoredModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
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
        SameDiff graph = SameDiff.load(file.toFile(), false);
        SDVariable x = graph.getVariable(names.input());
        long[] shape = x.placeholderShape().clone();
        shape[0] = ROWS;
        INDArray rows = Nd4j.createFromArray(features).reshape(shape).castTo(x.dataType());
        INDArray output = graph.output(Map.of(names.input(), rows), names.output())
                .get(names.output())
                .castTo(DataType.DOUBLE);
        Networks.assertClose(
                Networks.outputs(stored, features, ROWS),
                output.dup('c').reshape(output.length()).toDoubleVector(),
                1e-5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsAModelAgain(String name) {
        StoredModel stored = Networks.stored(name);
        Path file = directory.resolve("model.fb");
        SameDiffFile.Names names = SameDiffFile.write(file.toString(), stored);
        StoredModel back = SameDiffFile.read(new ModelDescription("{\"model\":\"samediff\",\"file\":\"" + file
                        + "\",\"input_name\":\"" + names.input() + "\",\"label_name\":\"" + names.label()
                        + "\",\"output_name\":\"" + names.output() + "\",\"loss_name\":\"" + names.loss() + "\""
                        + (stored.classes() > 0 ? ",\"classes\":" + stored.classes() : "") + "}")
                .loaded());
        assertEquals(
                java.util.Set.copyOf(stored.layout().names()),
                java.util.Set.copyOf(back.layout().names()));
        double[] features = Networks.features(stored, ROWS);
        assertArrayEquals(Networks.outputs(stored, features, ROWS), Networks.outputs(back, features, ROWS), 1e-5);
    }
}

package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** What is in an ONNX file beside what it computes. */
class OnnxFileTest {
    @TempDir
    Path directory;

    private ModelProto written(String name) throws IOException {
        Path file = directory.resolve(name + ".onnx");
        OnnxFile.write(file.toString(), Networks.stored(name), true);
        return ModelProto.parseFrom(Files.readAllBytes(file));
    }

    @Test
    void parametersKeepNamesShapesAndValues() throws IOException {
        StoredModel stored = Networks.stored("image_generator");
        Map<String, TensorProto> tensors = written("image_generator").getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
        ParameterLayout layout = stored.layout();
        for (int i = 0; i < layout.count(); i++) {
            TensorProto tensor = tensors.get(layout.name(i));
            assertArrayEquals(
                    layout.shape(i),
                    tensor.getDimsList().stream().mapToInt(Long::intValue).toArray());
            float first = tensor.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getFloat();
            assertEquals((float) stored.theta().get(layout.offset(i)), first);
        }
    }

    @Test
    void formatProducerAndEndsAreNamed() throws IOException {
        ModelProto model = written("lenet");
        assertEquals(8, model.getIrVersion());
        assertEquals(17, model.getOpsetImport(0).getVersion());
        assertEquals("EtaStar", model.getProducerName());
        assertEquals("classes", model.getMetadataProps(0).getKey());
        assertEquals("4", model.getMetadataProps(0).getValue());
        var input = model.getGraph().getInput(0);
        assertEquals("x", input.getName());
        assertEquals("N", input.getType().getTensorType().getShape().getDim(0).getDimParam());
        assertEquals(
                List.of("output", "probabilities", "label"),
                model.getGraph().getOutputList().stream()
                        .map(output -> output.getName())
                        .toList());
    }

    @Test
    void equalModelsGiveEqualBytes() throws IOException {
        written("resnet18");
        Path again = directory.resolve("again.onnx");
        OnnxFile.write(again.toString(), Networks.stored("resnet18"), true);
        assertEquals(-1, Files.mismatch(directory.resolve("resnet18.onnx"), again));
    }

    @Test
    void anOutputOfTheTargetsIsRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 2);
        SDVariable y = graph.placeHolder("y", DataType.FLOAT, -1, 2);
        SDVariable w = graph.var("w", DataType.FLOAT, 2, 2);
        x.mmul(w).sub(y).rename("difference").mean(1).rename("loss");
        ParameterLayout layout = new ParameterLayout(List.of("w"), List.of(new int[] {2, 2}));
        Model model = new Model(graph, "x", "y", "difference", "loss", layout, 0);
        PortableGraph portable = new PortableGraph(model, RawArray.of(new double[4]));
        String file = directory.resolve("a.onnx").toString();
        UserError error = assertThrows(UserError.class, () -> OnnxFile.write(file, portable, false, false));
        assertTrue(error.getMessage().contains("found that it depends on the targets"), error.getMessage());
        assertTrue(Files.notExists(Path.of(file)));
    }

    @Test
    void wordsThatAreStandardisedAreRefused() {
        StoredModel words = Networks.stored(Networks.json("transformer tokens"), true);
        String file = directory.resolve("a.onnx").toString();
        UserError error = assertThrows(UserError.class, () -> OnnxFile.write(file, words, false));
        assertEquals(
                "model: found whole numbers as features that are standardised, expected no standardisation"
                        + " (data.standardise = false)",
                error.getMessage());
    }
}

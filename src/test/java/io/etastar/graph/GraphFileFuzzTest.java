package io.etastar.graph;

import io.etastar.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Damaged and hostile graph files. */
class GraphFileFuzzTest {
    @TempDir
    Path directory;

    private byte[] graph() throws Exception {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("pixels", DataType.FLOAT, -1, 3);
        SDVariable w = graph.var("w", Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
        SDVariable b = graph.var("b", Nd4j.createFromArray(7f, 8f));
        SDVariable output = graph.math.tanh(x.mmul(w).add(b)).mul(0.5).rename("logits");
        SDVariable y = graph.placeHolder("labels", DataType.INT, -1);
        graph.loss.sparseSoftmaxCrossEntropy("losses", output, y);
        Path file = directory.resolve("a.fb");
        graph.save(file.toFile(), false);
        return Files.readAllBytes(file);
    }

    @Test
    void everyInputIsReadOrRefused() throws Exception {
        Fuzz.of("graph", "a.fb")
                .valid(graph())
                .tokens("tanh", "matmul", "java.lang.Runtime", "losses", "w", "b", "\1\0\0\0", "\377\377\377\177")
                .run(file -> new ModelDescription("{\"model\":\"samediff\",\"file\":\"" + file
                                + "\",\"input_name\":\"pixels\",\"label_name\":\"labels\",\"output_name\":\"logits\","
                                + "\"loss_name\":\"losses\",\"classes\":2}")
                        .loaded()
                        .build());
    }
}

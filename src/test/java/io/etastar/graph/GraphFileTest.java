package io.etastar.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Graphs from files: what is taken from them, and what is said of those that do not fit. */
class GraphFileTest {
    @TempDir
    Path directory;

    private SameDiff graph;
    private SDVariable output;

    @BeforeEach
    void build() {
        graph = SameDiff.create();
        SDVariable x = graph.placeHolder("pixels", DataType.FLOAT, -1, 3);
        SDVariable w = graph.var("z.w", Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
        SDVariable b = graph.var("a.b", Nd4j.createFromArray(7f, 8f));
        graph.var("unused", Nd4j.createFromArray(9f));
        output = x.mmul(w).add(b).rename("logits");
        SDVariable y = graph.placeHolder("labels", DataType.INT, -1);
        graph.loss.sparseSoftmaxCrossEntropy("losses", output, y);
    }

    private String path() {
        return directory.resolve("a.fb").toString();
    }

    private ModelDescription description(String... replacements) {
        String json = "{\"model\":\"samediff\",\"file\":\"" + path() + "\",\"input_name\":\"pixels\","
                + "\"label_name\":\"labels\",\"output_name\":\"logits\",\"loss_name\":\"losses\",\"classes\":2}";
        for (int i = 0; i < replacements.length; i += 2) {
            json = json.replace(replacements[i], replacements[i + 1]);
        }
        return new ModelDescription(json);
    }

    private String error(ModelDescription description) {
        graph.save(directory.resolve("a.fb").toFile(), false);
        return assertThrows(UserError.class, description::loaded).getMessage().replace(directory + "/", "");
    }

    @Test
    void parametersAreTheVariablesThatTheLossNeedsAndStartFromTheFile() throws IOException {
        graph.save(directory.resolve("a.fb").toFile(), true);
        ModelDescription loaded = description().loaded();
        Files.delete(Path.of(path()));
        Model model = loaded.build();
        assertEquals(List.of("z.w", "a.b"), model.layout().names());
        assertArrayEquals(new int[] {3, 2}, model.layout().shape(0));
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, loaded.initialParameters(1));
        assertEquals(2, model.classes());
        assertEquals("losses", model.loss());
        assertTrue(loaded.json().contains("\"input\":[3]") && loaded.json().contains("\"target\":[]"), loaded.json());
        assertEquals(loaded, loaded.loaded());
    }

    @Test
    void theRecipeThatTravelsHasNoValues() {
        graph.save(directory.resolve("a.fb").toFile(), false);
        ModelDescription loaded = description().loaded();
        assertNull(loaded.recipe().initial());
        assertEquals(loaded.json(), loaded.recipe().json());
        graph.getVariable("a.b").getArr().assign(1e9);
        graph.save(directory.resolve("a.fb").toFile(), false);
        assertEquals(loaded.json(), description().loaded().json());
        assertFalse(java.util.Arrays.equals(
                loaded.initialParameters(1), description().loaded().initialParameters(1)));
    }

    @Test
    void theFileMustBeAGraph() throws IOException {
        assertEquals(
                "model.file: b.fb: found no such file, expected one written by SameDiff's save",
                error(description("a.fb", "b.fb")));
        for (byte[] content : new byte[][] {{}, "no graph at all".getBytes(StandardCharsets.UTF_8), new byte[1000]}) {
            Files.write(directory.resolve("c.fb"), content);
            String message = error(description("a.fb", "c.fb"));
            assertTrue(message.startsWith("model."), message);
        }
    }

    @Test
    void namesMustBeThoseOfTheGraph() {
        String message = error(description("logits", "logit"));
        assertTrue(message.startsWith("model.output_name: found 'logit', expected a variable of a.fb: "), message);
        assertTrue(message.contains("logits"), message);
        assertEquals(
                "model.input_name: found 'z.w', a variable of a.fb, expected a placeholder",
                error(description("pixels", "z.w")));
        assertEquals(
                "model.file: a.fb: found no variable that 'pixels' depends on, expected parameters to train",
                error(description("losses", "pixels", "logits", "pixels")));
    }

    @Test
    void onlyTheFirstAxisMayBeOpen() {
        graph.placeHolder("wide", DataType.FLOAT, -1, -1);
        assertEquals(
                "model.input_name: found 'wide' of shape [-1, -1] in a.fb, expected the first axis to be the samples"
                        + " and no other to be open",
                error(description("pixels", "wide")));
    }

    @Test
    void constantsMayNotBeLarge() {
        output.add(graph.constant(Nd4j.zeros(DataType.FLOAT, GraphFile.MOST_BYTES / 4))
                .sum());
        String message = error(description());
        assertTrue(message.startsWith("model.file: a.fb: found a graph of 10"), message);
        assertTrue(message.contains("expected at most 10485760"), message);
    }
}

package io.etastar.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            List.of("layers.0.weight", "layers.0.bias", "scale"), List.of(new int[] {2, 3}, new int[] {3}, new int[0]));

    @TempDir
    private Path directory;

    private static StoredModel model(DType type, String description) {
        double[] theta = new double[LAYOUT.size()];
        Arrays.setAll(theta, i -> 1.0 / (i + 3));
        double[] mean = {0.1, -2};
        double[] deviation = {1e-300, 3};
        return new StoredModel(description, LAYOUT, RawArray.copyOf(type, theta), mean, deviation, 3);
    }

    private static StoredModel model() {
        return model(DType.FLOAT, "{\"model\": \"perceptron\", \"layers\": [2, 3]}");
    }

    @Test
    void readsBackWhatWasWritten() {
        for (DType type : DType.values()) {
            StoredModel written = model(type, "{\"b\": {\"d\": 1, \"c\": 0.25}, \"a\": \"x\"}");
            String path = ModelDirectory.write(directory.toString(), written);
            assertEquals(directory.resolve("model").toString(), path);
            for (String place : List.of(directory.toString(), path)) {
                StoredModel read = ModelDirectory.read(place);
                assertEquals("{\"a\":\"x\",\"b\":{\"c\":0.25,\"d\":1}}", read.description());
                assertEquals(LAYOUT.names(), read.layout().names());
                assertArrayEquals(LAYOUT.shape(0), read.layout().shape(0));
                assertArrayEquals(new int[0], read.layout().shape(2));
                assertEquals(type, read.theta().type());
                assertArrayEquals(written.theta().toDoubles(), read.theta().toDoubles());
                assertArrayEquals(written.mean(), read.mean());
                assertArrayEquals(written.deviation(), read.deviation());
                assertEquals(3, read.classes());
            }
        }
    }

    @Test
    void withoutStandardisation() {
        StoredModel plain = new StoredModel("{}", LAYOUT, RawArray.zeros(DType.DOUBLE, 10), null, null, 0);
        ModelDirectory.write(directory.toString(), plain);
        assertNull(ModelDirectory.read(directory.toString()).mean());
    }

    @Test
    void parametersAreTheBareArray() throws IOException {
        ModelDirectory.write(directory.toString(), model());
        byte[] bytes = Files.readAllBytes(directory.resolve("model/parameters.bin"));
        assertEquals(40, bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(1 / 3f, buffer.getFloat(0));
        assertEquals((float) (1 / 12.0), buffer.getFloat(36));
    }

    @Test
    void equalModelsGiveEqualBytesWhateverTheOrderOfKeys() throws IOException {
        ModelDirectory.write(directory.resolve("a").toString(), model());
        StoredModel same = model(DType.FLOAT, "{ \"layers\": [2,3],  \"model\": \"perceptron\"}");
        ModelDirectory.write(directory.resolve("b").toString(), model(DType.DOUBLE, "{}"));
        ModelDirectory.write(directory.resolve("b").toString(), same);
        for (String name : List.of("model.json", "parameters.bin")) {
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve("a/model").resolve(name)),
                    Files.readAllBytes(directory.resolve("b/model").resolve(name)));
        }
        assertArrayEquals(
                new String[] {"model"}, directory.resolve("b").toFile().list());
        assertEquals(2, directory.resolve("b/model").toFile().list().length);
    }

    @Test
    void leftoversOfACrashDoNotMatter() throws IOException {
        Files.createDirectories(directory.resolve(".model-new"));
        Files.write(directory.resolve(".model-new/junk"), new byte[9]);
        assertMessage("no such file");
        ModelDirectory.write(directory.toString(), model());
        assertArrayEquals(new String[] {"model"}, directory.toFile().list());
        assertEquals(2, directory.resolve("model").toFile().list().length);
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        assertMessage("no such file; expected the directory of a trained model");
        ModelDirectory.write(directory.toString(), model());
        Path binary = directory.resolve("model/parameters.bin");
        Path json = directory.resolve("model/model.json");
        byte[] bytes = Files.readAllBytes(binary);
        Files.write(binary, Arrays.copyOf(bytes, 36));
        assertMessage("parameters.bin: found 36 bytes, model.json describes 40");
        bytes[5] ^= 1;
        Files.write(binary, bytes);
        assertMessage("parameters.bin: SHA-256 differs");
        bytes[5] ^= 1;
        Files.write(binary, bytes);
        String text = Files.readString(json);
        String[][] changes = {
            {"\"format\" : 1", "\"format\" : 2", "format: found 2, expected 1"},
            {"\"float\"", "\"half\"", "dtype: found \"half\", expected float or double"},
            {"\"classes\" : 3", "\"classes\" : -3", "classes: found -3"},
            {"[2, 3]", "[2, -3]", "shape: found [2,-3], expected positive"},
            {"[2, 3]", "[2, 2000000000]", "parameters: "},
            {"layers.0.bias", "scale", "parameter names are not unique"},
            {"-2.0", "\"x\"", "mean: found"},
            {"-2.0", "-2.0, 1.0", "as many deviations as means"},
            {"{", "[", "not JSON"},
        };
        text = text.replaceAll("\\[ 2, 3 \\]", "[2, 3]");
        for (String[] change : changes) {
            String changed = text.replace(change[0], change[1]);
            assertTrue(!changed.equals(text), change[0] + " in " + text);
            Files.writeString(json, changed);
            assertMessage(change[2]);
        }
        Files.writeString(json, text);
        assertEquals(3, ModelDirectory.read(directory.toString()).classes());
    }

    private void assertMessage(String part) {
        UserError e = assertThrows(UserError.class, () -> ModelDirectory.read(directory.toString()));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
}

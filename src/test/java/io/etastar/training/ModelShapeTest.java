package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.onnx.OnnxFiles;
import io.etastar.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShapeTest {
    @TempDir
    Path directory;

    private Path file(int width) throws IOException {
        return new OnnxFiles(3)
                .array("w", new long[] {3, width}, new double[3 * width])
                .node("MatMul", "x,w", "logits")
                .write(directory.resolve("net.onnx"), "logits");
    }

    private Configuration job() throws IOException {
        Path conf = directory.resolve("net.conf");
        Files.writeString(
                conf,
                "model { model = onnx, file = \"" + directory.resolve("net.onnx") + "\", loss = nll }\n"
                        + "data { source = csv, path = a.csv, label = y, test_share = 0.2 }\n");
        return Configuration.load(conf.toString(), List.of());
    }

    /** What follows from a job has the model that the job read; another job of the same keys reads the file as it is then. */
    @Test
    void aFileIsReadOnceForAJob() throws IOException {
        Path file = file(4);
        Configuration job = job();
        ModelDescription read = ModelShape.loaded(job);
        assertEquals(4, ModelShape.of(read).classes());
        Files.delete(file);
        assertSame(read, ModelShape.loaded(job));
        assertSame(read, ModelShape.loaded(job.planned(10, 10, 2)));
        assertSame(read, ModelShape.loaded(Plans.ofModel(job)));
        assertThrows(UserError.class, () -> ModelShape.loaded(job()));
        file(5);
        assertEquals(5, ModelShape.of(ModelShape.loaded(job())).classes());
        assertEquals(4, ModelShape.of(ModelShape.loaded(job)).classes());
    }

    /** A file that could not be read is asked for again. */
    @Test
    void aMistakeIsNotKept() throws IOException {
        Configuration job = job();
        assertThrows(UserError.class, () -> ModelShape.loaded(job));
        file(4);
        assertEquals(4, ModelShape.of(ModelShape.loaded(job)).classes());
    }

    /** The model that fits the data is another one than that of the keys alone. */
    @Test
    void aFittedModelIsNotTheOneBefore() throws IOException {
        Path conf = directory.resolve("open.conf");
        Files.writeString(
                conf,
                "model { model = perceptron, hidden_layers = [4] }\n"
                        + "data { source = csv, path = a.csv, label = y, test_share = 0.2 }\n");
        Configuration open = Configuration.load(conf.toString(), List.of());
        ModelDescription three = ModelShape.loaded(open.fitted(3, 2, List.of(), List.of()));
        ModelDescription five = ModelShape.loaded(open.fitted(5, 2, List.of(), List.of()));
        assertNotEquals(three, five);
        assertEquals(List.of(3), ModelShape.of(three).input());
        assertEquals(List.of(5), ModelShape.of(five).input());
    }
}

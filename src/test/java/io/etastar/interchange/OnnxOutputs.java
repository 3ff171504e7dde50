package io.etastar.interchange;

import ai.onnxruntime.OrtException;
import io.etastar.graph.Model;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Outputs of graphs that went through an ONNX file. */
public final class OnnxOutputs {
    private OnnxOutputs() {}

    /** Writes {@code model}, then runs it on some rows, flat. */
    public static double[] of(Path directory, Model model, double[] theta, double[] features, int rows)
            throws IOException, OrtException {
        Path file = directory.resolve("graph.onnx");
        Files.deleteIfExists(file);
        PortableGraph portable = new PortableGraph(model, RawArray.of(theta));
        OnnxFile.Names names = OnnxFile.write(file.toString(), portable, false, false);
        try (OnnxRun run = new OnnxRun(file)) {
            return run.output(names.output(), features, rows);
        }
    }

    /** Names of the ops that can be written. */
    public static java.util.Set<String> ops() {
        return OnnxTable.names();
    }
}

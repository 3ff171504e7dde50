package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code docs/interchange.md} lists the ops of ONNX that are read. */
class OnnxOpsListTest {
    @Test
    void theListIsTheTable() throws IOException {
        String page = Files.readString(Path.of("docs", "interchange.md"));
        String list = page.substring(page.indexOf("\nOps: ") + "\nOps: ".length());
        list = list.substring(0, list.indexOf(';'));
        Set<String> listed = new TreeSet<>(Arrays.asList(list.trim().split(",\\s+")));
        assertEquals(OnnxReader.ops(), listed);
    }
}

package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMemoryFailureTest {
    /** The bound is read when a JVM starts. */
    @Test
    void aProcessThatMayNotGrowSaysSoInOneLineAndGoesOnWhenMemoryIsFreed() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=900m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        NativeMemoryMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("first ") || line.startsWith("then "))
                .toList();
        assertEquals(0, process.waitFor());
        assertTrue(
                lines.get(0)
                        .matches(
                                "first true memory: this process: found too little memory outside the heap, .*"
                                        + "physicalBytes \\(\\d+M\\) > maxPhysicalBytes \\(900M\\), expected a larger heap, .*"),
                lines.get(0));
        assertEquals("then null", lines.get(1));
    }

    @Test
    void theHeapsOwnErrorsPass() {
        assertThrows(
                OutOfMemoryError.class,
                () -> NativeMemoryFailure.guarding(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }));
    }
}

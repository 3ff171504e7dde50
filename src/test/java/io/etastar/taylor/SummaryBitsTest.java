package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same bits whether loops are interpreted or compiled: what a run gives must not hang on when the JVM compiles. */
class SummaryBitsTest {
    @Test
    void interpretedAndCompiledLoopsGiveTheSameBits() throws IOException, InterruptedException {
        String interpreted = fresh("-Xint", 1);
        assertEquals(interpreted, fresh("-XX:TieredStopAtLevel=4", 300));
        assertEquals(interpreted, "bits " + SummaryBitsMain.bits(2));
    }

    /** What a JVM of its own prints. */
    private static String fresh(String flag, int runs) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(
                        java,
                        flag,
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SummaryBitsMain.class.getName(),
                        "" + runs))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.lines()
                .filter(line -> line.startsWith("bits "))
                .findFirst()
                .orElseThrow();
    }
}

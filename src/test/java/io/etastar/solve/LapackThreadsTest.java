package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LapackThreadsTest {
    private static final int JVMS = 50;
    private static final String SECONDS = "20";

    /** The race is over once a JVM knows its constants, so each attempt needs a JVM of its own. */
    @Test
    void firstUseByFiveThreadsEndsInFiftyFreshJvms() throws Exception {
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            // Nothing runs long enough to earn more.
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LapackThreadsMain.class.getName(),
                            SECONDS)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "JVM " + i + " did not end");
            codes.add(process.exitValue());
        }
        assertEquals(Collections.nCopies(JVMS, 0), codes);
    }
}

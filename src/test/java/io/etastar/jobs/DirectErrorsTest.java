package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectErrorsTest {
    @TempDir
    Path directory;

    /** Writes before and after. */
    static final class Writer {
        public static void main(String[] args) {
            System.err.println("before");
            DirectErrors.begin();
            System.err.println("after");
            System.exit(3);
        }
    }

    private void check(String variable, String filtered, String direct) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ETASTAR_STDERR=" + variable + " exec '" + java
                + "' --add-opens=java.base/java.io=ALL-UNNAMED -cp '"
                + Path.of("target/classes").toAbsolutePath() + ":"
                + Path.of("target/test-classes").toAbsolutePath() + "' '"
                + Writer.class.getName() + "' 8> direct 2> filtered";
        Process process = new ProcessBuilder(List.of("bash", "-c", command))
                .directory(directory.toFile())
                .start();
        assertEquals(3, process.waitFor());
        assertEquals(filtered, Files.readString(directory.resolve("filtered")));
        assertEquals(direct, Files.readString(directory.resolve("direct")));
    }

    @Test
    void whatComesAfterwardsGoesBesideTheFilter() throws Exception {
        check("$$:8", "before\n", "after\n");
        check("1:8", "before\nafter\n", "");
        check("", "before\nafter\n", "");
    }
}

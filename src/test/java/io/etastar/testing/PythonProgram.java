package io.etastar.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs of Python beside the tests.
 *
 * @param command that starts the interpreter
 */
public record PythonProgram(String command) {
    private static final String[] COMMANDS = {"python3", "/usr/bin/python3"};

    /** An interpreter that has these modules; the test is skipped where there is none. */
    public static PythonProgram with(String... modules) throws IOException, InterruptedException {
        for (String command : COMMANDS) {
            if (start(Path.of("."), command, "import " + String.join(", ", modules))
                            .exitCode()
                    == 0) {
                return new PythonProgram(command);
            }
        }
        return abort("found no python3 with the modules " + String.join(", ", modules));
    }

    private record Result(int exitCode, String text) {}

    private static Result start(Path directory, String command, String program)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("python", ".txt");
        try {
            Process process = new ProcessBuilder(command, "-c", program)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int exitCode = process.waitFor();
            return new Result(exitCode, Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException absent) {
            return new Result(-1, String.valueOf(absent.getMessage()));
        } finally {
            Files.delete(output);
        }
    }

    /** Lines that a program prints, which must end well. */
    public List<String> run(Path directory, String program) throws IOException, InterruptedException {
        Result result = start(directory, command, program);
        assertEquals(0, result.exitCode, result.text);
        return result.text.lines().toList();
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial {@code docs/ops-of-your-own.md}: what it says to write compiles, and the op it adds has the right derivatives. */
class OpsOfYourOwnTest {
    /** A line that names a file in backquotes, then a block of its content. */
    private static final Pattern FILE = Pattern.compile(
            "^`([\\w./-]+)`[^\n]*:\n(?:[^`\n][^\n]*\n)?\n```(?:java|text)\n(.*?)^```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path directory;

    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        Matcher matcher = FILE.matcher(Files.readString(Path.of("docs/ops-of-your-own.md")));
        while (matcher.find()) {
            files.put(matcher.group(1), matcher.group(2));
        }
        return files;
    }

    private ClassLoader compile(Map<String, String> files) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                directory.toString()));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            if (file.getKey().endsWith(".java")) {
                arguments.add(path.toString());
            }
        }
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertEquals(0, code, "the compiler's exit code");
        return new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader());
    }

    /** Runs TryIt as if its jar were on the class path. */
    private static void run(ClassLoader loader) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            loader.loadClass("TryIt").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void whatThePageSaysCompilesAndAgreesWithItsNumbers() throws IOException {
        Map<String, String> files = files();
        assertEquals(
                List.of("Asinh.java", "MyRules.java", "META-INF/services/io.etastar.taylor.RuleProvider", "TryIt.java"),
                List.copyOf(files.keySet()));
        ClassLoader loader = compile(files);
        assertDoesNotThrow(() -> run(loader));
    }

    @Test
    void aWrongThirdDerivativeIsFoundByItsCheck() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, String> file : files().entrySet()) {
            files.put(
                    file.getKey().replace("Asinh", "Wrong").replace("MyRules", "WrongRules"),
                    file.getValue()
                            .replace("Asinh", "Wrong")
                            .replace("MyRules", "WrongRules")
                            .replace("math.asinh", "math.atanh")
                            .replace("\"asinh\"", "\"atanh\"")
                            .replace("2 * x * x - 1", "2 * x * x - 2"));
        }
        ClassLoader loader = compile(files);
        String message =
                assertThrows(IllegalStateException.class, () -> run(loader)).getMessage();
        assertTrue(message.startsWith("order3: found "), message);
    }
}

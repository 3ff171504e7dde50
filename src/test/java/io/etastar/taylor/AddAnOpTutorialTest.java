package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows docs/add-an-op.md in a copy of the sources: compiles what it says and differentiates a graph with the new op. */
class AddAnOpTutorialTest {
    private static final String PACKAGE = "io/etastar/taylor/";

    @TempDir
    Path directory;

    private static List<String> blocks() throws IOException {
        Matcher matcher = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/add-an-op.md")));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static void copy(String root, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(root, PACKAGE))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(Path.of(root).relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static void insert(Path file, String after, String lines) throws IOException {
        String text = Files.readString(file);
        assertEquals(2, text.split(Pattern.quote(after), -1).length, after + " in " + file);
        Files.writeString(file, text.replace(after, after + "\n" + lines));
    }

    private void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> files = Files.walk(sources)) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().endsWith("Test.java"))
                    .toList();
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString());
            boolean done = compiler.getTask(
                            null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(all))
                    .call();
            assertTrue(done, "the tutorial's code does not compile");
        }
    }

    @Test
    void itsCodeCompilesAndAgreesWithDifferences() throws Exception {
        List<String> blocks = blocks();
        assertEquals(4, blocks.size());
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        copy("src/main/java", sources);
        copy("src/test/java", sources);
        Path engine = sources.resolve(PACKAGE);
        Files.writeString(engine.resolve("function/InverseHyperbolicSine.java"), blocks.get(0));
        insert(engine.resolve("BuiltInOps.java"), "import io.etastar.taylor.function.Huber;", blocks.get(1));
        insert(engine.resolve("BuiltInOps.java"), "private void functions() {", blocks.get(2));
        insert(engine.resolve("FunctionGraphs.java"), "private static void smooth() {", blocks.get(3));
        compile(sources, classes);
        try (URLClassLoader loader = new Fresh(classes.toUri().toURL())) {
            Method check = loader.loadClass(TutorialCheck.class.getName()).getDeclaredMethod("check", String.class);
            check.setAccessible(true);
            check.invoke(null, "asinh");
        }
        InvocationTargetException without = assertThrows(InvocationTargetException.class, () -> {
            Method check = TutorialCheck.class.getDeclaredMethod("check", String.class);
            check.setAccessible(true);
            check.invoke(null, "asinh");
        });
        assertTrue(without.getCause() instanceof IllegalArgumentException, "the op is not there without the tutorial");
    }

    /** Takes the engine's classes from the tutorial, all others from this test's class path. */
    private static final class Fresh extends URLClassLoader {
        Fresh(URL classes) {
            super(new URL[] {classes}, AddAnOpTutorialTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.etastar.taylor.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}

package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guides show compiles and runs. */
class GuidesTest {
    private static final String IMPORTS = "import io.etastar.ml.*; import org.apache.spark.ml.*; import"
            + " org.apache.spark.ml.classification.MultilayerPerceptronClassifier; import"
            + " org.apache.spark.ml.evaluation.*; import org.apache.spark.ml.feature.*; import org.apache.spark.sql.*;\n";

    @TempDir
    Path directory;

    private static String block(String file, String language) throws IOException {
        Matcher matcher = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Path.of(file)));
        assertTrue(matcher.find(), file + " has a block of " + language);
        return matcher.group(1);
    }

    /** Runs statements and gives what {@code result} is behind them. */
    private Object run(String name, String statements, String result) throws Exception {
        String text = IMPORTS + "public class " + name + " { public static Object run() throws Exception {\n"
                + statements + "return " + result + ";\n} }\n";
        Path source = Files.writeString(directory.resolve(name + ".java"), text);
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                directory.toString(),
                source.toString()));
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertEquals(0, code, text);
        try (URLClassLoader loader = new URLClassLoader(
                new java.net.URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            return loader.loadClass(name).getMethod("run").invoke(null);
        }
    }

    @Test
    void theExampleOfAPipelineLearns() throws Exception {
        try (Frames frames = new Frames()) {
            Object[] got = (Object[])
                    run("Example", block("docs/spark-ml.md", "java"), "new Object[] {accuracy, losses, hessian}");
            assertTrue((double) got[0] > 0.9, "accuracy " + got[0]);
            assertEquals(30, ((double[]) got[1]).length);
            assertEquals(4, ((double[][]) got[2]).length);
        }
    }

    @Test
    void theExampleOfAStreamGoesOnTraining() throws Exception {
        try (Frames frames = new Frames()) {
            Object[] got = (Object[]) run(
                    "Stream",
                    block("docs/streams.md", "java"),
                    "new Object[] {model.classNames(), model.numFeatures()}");
            assertArrayEquals(new String[] {"high", "low"}, (String[]) got[0]);
            assertEquals(2, got[1]);
        }
    }

    @Test
    void bothSidesOfTheMigrationCompile() throws Exception {
        String diff = block("docs/from-mllib.md", "diff");
        Object before = run("Before", side(diff, '+'), "classifier");
        assertTrue(before instanceof org.apache.spark.ml.classification.MultilayerPerceptronClassifier);
        NeuralNetworkClassifier after = (NeuralNetworkClassifier) run("After", side(diff, '-'), "classifier");
        assertEquals(500, after.getBatchSize());
        assertEquals(1, after.getSeed());
    }

    /** The statements of a diff without the lines that begin with {@code other}. */
    private static String side(String diff, char other) {
        return diff.lines()
                .filter(line -> line.isEmpty() || line.charAt(0) != other)
                .map(line -> line.isEmpty() ? "" : line.substring(1))
                .filter(line -> !line.startsWith("import "))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void theNamesThatTheGuideSaysAreThose() throws IOException {
        String guide = Files.readString(Path.of("docs/spark-ml.md"));
        List<String> otherwise = ParamNames.all().entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("training.") || entry.getKey().equals("optimizer.name"))
                .map(java.util.Map.Entry::getValue)
                .filter(name ->
                        name.endsWith("Size") || List.of("optimizer", "maxIter").contains(name))
                .toList();
        for (String name : otherwise) {
            assertTrue(guide.contains("`" + name + "`"), name);
        }
    }
}

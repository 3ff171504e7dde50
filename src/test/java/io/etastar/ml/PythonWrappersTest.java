package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Python files have the classes, Params and methods of the Java side. */
class PythonWrappersTest {
    private static final Path ROOT = Path.of("python/etastar/ml");

    private static List<MatchResult> find(String file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve(file)))
                .results()
                .toList();
    }

    private static String converter(Param<?> param) {
        if (param instanceof IntParam || param instanceof LongParam) {
            return "toInt";
        } else if (param instanceof DoubleParam) {
            return "toFloat";
        } else if (param instanceof BooleanParam) {
            return "toBoolean";
        } else if (param instanceof IntArrayParam) {
            return "toListInt";
        }
        if (param instanceof StringArrayParam) {
            return "toListString";
        }
        return param instanceof DoubleArrayParam ? "toListFloat" : "toString";
    }

    @Test
    void everyParamIsThereWithItsType() throws IOException {
        Map<String, String> python = new TreeMap<>();
        for (MatchResult found : find(
                "params.py",
                "^    (\\w+) = _param\\(\\s*\"(\\w+)\",(?:\\s*\"[^\\n]*\")+,\\s*TypeConverters\\.(\\w+),\\s*\\)")) {
            assertEquals(found.group(1), found.group(2));
            python.put(found.group(1), found.group(3));
        }
        ParamTable table = new NeuralNetworkClassifier().table();
        Map<String, String> java = new TreeMap<>();
        table.names().forEach(name -> java.put(name, converter(table.get(name))));
        assertEquals(java, python);
    }

    @Test
    void classesHaveSparksParamsOfTheirJavaSide() throws IOException {
        Set<String> own = Set.copyOf(new NeuralNetworkClassifier().table().names());
        sparks("classification.py", new NeuralNetworkClassifier().params(), own);
        sparks("regression.py", new NeuralNetworkRegressor().params(), own);
    }

    private static void sparks(String file, Param<?>[] params, Set<String> own) throws IOException {
        Set<String> expected = Arrays.stream(params)
                .map(Param::name)
                .filter(name -> !own.contains(name))
                .map(name -> "Has" + Character.toUpperCase(name.charAt(0)) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
        String bases = find(file, "^class _Columns\\(([^)]*)\\)").get(0).group(1);
        Set<String> found = Pattern.compile("Has\\w+")
                .matcher(bases)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, found);
        for (String base : found) {
            String setter = "set" + base.substring(3);
            assertEquals(1, find(file, "def " + setter + "\\(").size(), setter);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classification", "regression"})
    void classesHaveOnesOfTheSameFullNameInJava(String module) throws IOException, ReflectiveOperationException {
        List<MatchResult> found = find(module + ".py", "^class ([A-Z]\\w+)\\(");
        assertEquals(2, found.size());
        for (MatchResult name : found) {
            Class<?> java = Class.forName("etastar.ml." + module + "." + name.group(1));
            assertTrue(Modifier.isPublic(java.getModifiers()), java.getName());
            assertEquals("io.etastar.ml." + name.group(1), java.getSuperclass().getName());
        }
    }

    @Test
    void methodsExist() throws IOException {
        calls("classification.py", NeuralNetworkClassificationModel.class, 4);
        calls("regression.py", NeuralNetworkRegressionModel.class, 1);
        calls("stages.py", NeuralNetworkClassificationModel.class, 4);
        calls("stages.py", NeuralNetworkRegressionModel.class, 4);
        calls("summary.py", NeuralNetworkTrainingSummary.class, 11);
    }

    private static void calls(String file, Class<?> java, int least) throws IOException {
        List<MatchResult> calls = find(file, "_(?:call_java|classic)\\(\"(\\w+)\"");
        assertTrue(calls.size() >= least, file + " calls Java " + calls.size() + " times");
        Set<String> methods =
                Arrays.stream(java.getMethods()).map(method -> method.getName()).collect(Collectors.toSet());
        for (MatchResult call : calls) {
            assertTrue(methods.contains(call.group(1)), file + ": " + call.group(1));
        }
    }
}

package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.settings.Configuration;
import io.etastar.settings.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

class ParamsTest {
    private static final List<Params> ALL = List.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor());

    @Test
    void everyJobKeyIsAParamOrIsLeftOutForAReason() {
        for (Params params : ALL) {
            Set<String> names =
                    Arrays.stream(params.params()).map(Param::name).collect(Collectors.toCollection(TreeSet::new));
            assertTrue(names.containsAll(ParamNames.all().values()), params.uid());
            assertTrue(names.containsAll(ParamNames.settings().keySet()), params.uid());
            assertTrue(names.containsAll(Set.of("featuresCol", "labelCol", "predictionCol")), params.uid());
        }
        Set<String> keys = new TreeSet<>(ParamNames.all().keySet());
        keys.addAll(ParamNames.leftOut().keySet());
        assertEquals(new TreeSet<>(JobSettings.schema().settings().keySet()), keys);
        assertEquals(
                ParamNames.all().size(), Set.copyOf(ParamNames.all().values()).size(), "two keys of one name");
        Set<String> blocks = Set.of("optimizer", "training", "summary");
        for (String left : ParamNames.leftOut().keySet()) {
            assertFalse(blocks.contains(left.split("\\.")[0]) && !left.startsWith("summary.data."), left);
        }
    }

    @Test
    void defaultsAndMeaningsAreThoseOfTheKeys() {
        for (Params params : ALL) {
            ParamNames.settings().forEach((name, setting) -> {
                Param<?> param = params.getParam(name);
                assertEquals(params.uid(), param.parent());
                assertTrue(param.doc().startsWith(setting.meaning()), name);
                assertEquals(setting.defaultValue() != null, params.hasDefault(param), name);
                if (setting.defaultValue() != null) {
                    Object value = ParamTable.jobValue(setting, params.getOrDefault(param));
                    assertEquals(setting.defaultValue() + "", value + "", name);
                }
            });
        }
    }

    @Test
    void eachParamHasASetterAndAGetterOfItsName() throws ReflectiveOperationException {
        for (Params params : List.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor())) {
            for (String name : ((NeuralNetworkParams<?>) params).table().names()) {
                Param<?> param = params.getParam(name);
                String suffix = Character.toUpperCase(name.charAt(0)) + name.substring(1);
                var getter = params.getClass().getMethod("get" + suffix);
                var setter = params.getClass().getMethod("set" + suffix, getter.getReturnType());
                Object value = example(params, param);
                setter.invoke(params, value);
                assertEquals(value, getter.invoke(params), name);
                assertEquals(value, params.getOrDefault(param), name);
            }
        }
    }

    private static Object example(Params params, Param<?> param) {
        if (params.hasDefault(param)) {
            return params.getOrDefault(param);
        }
        String type = ParamNames.settings().get(param.name()).expected();
        return switch (type.split(" ")[0]) {
            case "list" -> type.startsWith("list of int") ? new int[] {3, 4} : (Object) new double[] {0.5};
            case "int" -> 3;
            case "number" -> type.contains("> 1") ? 1.5 : 0.5;
            case "string" -> type.equals("string or list of strings") ? new String[] {"a", "b"} : (Object) "text";
            case "one" -> type.substring("one of ".length()).split(", ")[0];
            default -> "text";
        };
    }

    @Test
    void sourcesMadeOfTheSettingsAreUpToDate() throws IOException {
        for (Map.Entry<String, String> file : ParamSources.files().entrySet()) {
            assertEquals(
                    file.getValue(),
                    Files.readString(Path.of(file.getKey())),
                    file.getKey() + " is behind the settings; to renew it: make docs");
        }
    }

    @Test
    void wrongValuesAreRefusedByTheSetter() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier("c");
        assertEquals("c: parameter damping: found -1.0, expected number > 0", refused(() -> classifier.setDamping(-1)));
        assertEquals("c: parameter maxIter: found -1, expected int >= 0", refused(() -> classifier.setMaxIter(-1)));
        assertEquals(
                "c: parameter batchSize: found -5, expected int >= 1, 0 for all, -1 for automatic",
                refused(() -> classifier.setBatchSize(-5)));
        assertEquals(
                "c: parameter solve: found quartic, expected one of cubic, ridge, anisotropic-ridge, newton",
                refused(() -> classifier.setSolve("quartic")));
        assertEquals(
                "c: parameter layers: found [64, 0], expected list of int >= 1",
                refused(() -> classifier.setLayers(new int[] {64, 0})));
        assertEquals("c: parameter seed: found -1, expected int >= 0", refused(() -> classifier.setSeed(-1)));
        assertEquals("c: parameter tol: found NaN, expected number >= 0", refused(() -> classifier.setTol(Double.NaN)));
    }

    private static String refused(Runnable setting) {
        return assertThrows(IllegalArgumentException.class, setting::run).getMessage();
    }

    @Test
    void theJobIsThatOfAJobFile() throws IOException {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setModel("{\"model\": \"lenet\", layers = [1, 6, 16, 120, 84, 10], image_size = 28}")
                .setActivation("relu")
                .setBatchSize(0)
                .setSummaryBatchSize(200)
                .setPreset("published")
                .setAverageKind("moving")
                .setPartition("[[W1, b1], [W2, b2]]")
                .setClassWeights(new double[] {1, 2, 1, 1, 1, 1, 1, 1, 1, 1})
                .setSeed(7);
        Configuration job = classifier.job("nll");
        JsonNode all = new ObjectMapper().readTree(job.resolved());
        assertEquals("all", all.at("/training/batch").asText());
        assertEquals(200, all.at("/summary/batch").asInt());
        assertEquals("drawn", all.at("/summary/rows").asText());
        assertEquals("linear", all.at("/optimizer/decay").asText());
        assertEquals("moving", all.at("/optimizer/average/kind").asText());
        assertEquals("relu", all.at("/model/activation").asText());
        assertEquals("[1,28,28]", all.at("/model/input").toString());
        assertEquals("[[\"W1\",\"b1\"],[\"W2\",\"b2\"]]", all.at("/partition").toString());
        assertEquals(7, job.seed());
        assertEquals(2, job.data().classes().classWeights().get(1));
    }

    @Test
    void mistakesAreNamedByParam() {
        assertEquals(
                "c: parameter hiddenLayers: found [8], expected no such key beside layers",
                refused(() -> new NeuralNetworkClassifier("c")
                        .setLayers(new int[] {4, 2})
                        .setHiddenLayers(new int[] {8})
                        .job("nll")));
        assertEquals(
                "c: parameter lr: found nothing, expected number > 0: optimizer adam needs it",
                refused(() -> new NeuralNetworkClassifier("c")
                        .setLayers(new int[] {4, 2})
                        .setOptimizer("adam")
                        .job("nll")));
        assertEquals(
                "c: parameter model:1: parameter model: key 'model.image_size': found 2, expected a larger image for"
                        + " two convolutions of kernel 5 and two poolings",
                refused(() -> new NeuralNetworkClassifier("c")
                        .setModel("model = lenet, layers = [1, 6, 16, 120, 84, 10], image_size = 2")
                        .job("nll")));
        String syntax = refused(
                () -> new NeuralNetworkClassifier("c").setModel("{ model = ").job("nll"));
        assertTrue(syntax.startsWith("c: parameter model: found a syntax error, expected HOCON or JSON"), syntax);
    }

    @Test
    void copiesKeepUidAndValues() {
        NeuralNetworkClassifier classifier = Frames.classifier();
        NeuralNetworkClassifier copy =
                classifier.copy(new ParamMap().put(classifier.period(), 9).put(classifier.featuresCol(), "x"));
        assertEquals(classifier.uid(), copy.uid());
        assertEquals(9, copy.getPeriod());
        assertEquals(5, classifier.getPeriod());
        assertEquals("x", copy.getFeaturesCol());
        assertEquals(3, copy.getMaxIter());
        assertTrue(classifier.uid().startsWith("NeuralNetworkClassifier_"), classifier.uid());
        assertTrue(classifier.explainParams().contains("period: newton-summary: steps between two summaries"));
        assertEquals("given", new NeuralNetworkRegressor("given").featuresCol().parent());
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import io.etastar.data.Shard;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.interchange.OnnxOutputs;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;

/** Ops in an ONNX runtime against the engine, one by one. */
class OnnxOpsTest {
    private static final int ROWS = 4;

    @TempDir
    Path directory;

    @Test
    void everyOpOfTheTableComputesWhatTheEngineDoes() throws IOException, OrtException {
        Set<String> unseen = new TreeSet<>(OnnxOutputs.ops());
        for (Map.Entry<String, Model> entry : graphs().entrySet()) {
            Model model = towardsOutput(entry.getValue());
            if (readsTargets(model)) {
                continue;
            }
            compare(entry.getKey(), entry.getValue());
            GraphReader.operations(model).forEach(op -> unseen.remove(op.type()));
        }
        assertEquals(Set.of(), unseen, "ops without a graph to test them");
    }

    @Test
    void onlyLossesAndPartsOfOtherOpsAreLeftOut() {
        Set<String> left = new TreeSet<>(BuiltInOps.own().names());
        left.removeAll(OnnxOutputs.ops());
        left.removeIf(name -> name.contains("_loss"));
        assertEquals(Set.of("dropout_mask", "huber", "place"), left);
    }

    private static Map<String, Model> graphs() {
        Map<String, Model> graphs = TestGraphs.all();
        TestGraphs t = new TestGraphs(false);
        SDVariable z = t.graph.nn.linear(
                t.flat(),
                t.parameter("w", TestGraphs.FEATURES, TestGraphs.TARGETS),
                t.parameter("b", TestGraphs.TARGETS));
        SDVariable difference = t.graph.math.squaredDifference(z, t.parameter("c", TestGraphs.TARGETS));
        graphs.put("affine and squaredsubtract of features alone", t.squared(difference));
        return graphs;
    }

    /** The model up to its output. */
    private static Model towardsOutput(Model model) {
        return new Model(
                model.graph(),
                model.input(),
                model.label(),
                model.output(),
                model.output(),
                model.layout(),
                model.classes());
    }

    private static boolean readsTargets(Model model) {
        return GraphReader.operations(model).stream().anyMatch(op -> op.inputs().contains(model.label()));
    }

    private void compare(String name, Model model) throws IOException, OrtException {
        Random random = new Random(name.hashCode());
        double[] theta = GraphData.normal(random, model.layout().size(), 0.4);
        double[] features = GraphData.features(model, random, ROWS);
        Shard shard = new Shard(ROWS, RawArray.of(features), RawArray.of(GraphData.targets(model, random, ROWS)));
        double[] expected;
        try (Program program = Program.compile(model, DType.DOUBLE, ROWS, null)) {
            program.setParameters(RawArray.of(theta));
            expected =
                    program.outputs(shard, IntStream.range(0, ROWS).toArray()).toDoubles();
        }
        double[] found = OnnxOutputs.of(directory, model, theta, features, ROWS);
        assertEquals(expected.length, found.length, name);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-5 * largest, name + " element " + i);
        }
    }
}

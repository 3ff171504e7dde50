package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.BaseRuleSettings;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSettings;
import io.etastar.optimizer.Optimizers;
import io.etastar.optimizer.StepResult;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.LocalObjective;
import io.etastar.testing.Npz;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on the engine against reference runs made by nested automatic differentiation. */
class EngineTrajectoriesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE = 1e-7;

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "newton-summary-sgd", "newton-summary-adam", "newton-summary-dampened"})
    void lossesRatesAndParametersAgree(String name) throws IOException {
        String folder = "/golden/trajectories/" + name + "/";
        JsonNode run;
        try (InputStream in = getClass().getResourceAsStream(folder + "case.json")) {
            run = JSON.readTree(in);
        }
        Model model = new ModelDescription(run.toString()).build(DType.DOUBLE);
        ParameterLayout layout = model.layout();
        Map<String, Npz.Array> batches = Npz.read(folder + "batches.npz");
        double[] theta = flat(layout, Npz.read(folder + "parameters.npz"));
        Optimizer optimizer = Optimizers.create(
                settings(run), Partitions.parse(run.get("partition").asText(), layout));
        try (LocalObjective objective = new LocalObjective(
                model,
                batches(batches.get("x"), batches.get("y")),
                batches(batches.get("hg_x"), batches.get("hg_y")))) {
            follow(run, objective, optimizer, theta);
        }
        assertArrayEquals(flat(layout, Npz.read(folder + "final.npz")), theta, TOLERANCE);
    }

    private static void follow(JsonNode run, LocalObjective objective, Optimizer optimizer, double[] theta) {
        JsonNode losses = run.get("expected").get("loss");
        JsonNode etas = run.get("expected").get("eta");
        assertEquals(run.get("steps").asInt(), losses.size());
        int summaries = 0;
        for (int step = 0; step < losses.size(); step++) {
            StepResult result = optimizer.step(objective, theta, step);
            assertEquals(losses.get(step).asDouble(), result.loss().meanLoss(), TOLERANCE, "loss of step " + step);
            if (result.summary() != null) {
                double[] expected = JSON.convertValue(etas.get(summaries++), double[].class);
                assertArrayEquals(expected, result.summary().learningRates(), TOLERANCE, "rates of step " + step);
            }
        }
        assertEquals(etas.size(), summaries);
    }

    private static LocalObjective.Batches batches(Npz.Array x, Npz.Array y) {
        int count = x.shape()[0];
        int rows = x.shape()[1];
        return new LocalObjective.Batches(
                new Shard(count * rows, RawArray.of(x.values()), RawArray.of(y.values())), rows);
    }

    private static double[] flat(ParameterLayout layout, Map<String, Npz.Array> arrays) {
        double[] theta = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            System.arraycopy(arrays.get(layout.name(i)).values(), 0, theta, layout.offset(i), layout.length(i));
        }
        return theta;
    }

    private static OptimizerSettings settings(JsonNode run) {
        JsonNode base = run.get("base");
        BaseRuleSettings rule = new BaseRuleSettings(
                base.get("name").asText(),
                base.path("momentum").asDouble(0),
                base.path("dampening").asDouble(0),
                base.path("weight_decay").asDouble(0),
                base.path("beta1").asDouble(0.9),
                base.path("beta2").asDouble(0.999),
                base.path("eps").asDouble(1e-8));
        String optimizer = run.get("optimizer").asText();
        return new OptimizerSettings(
                optimizer.equals("base") ? rule.name() : optimizer,
                rule,
                run.path("lr").asDouble(1),
                run.path("period").asInt(1),
                run.path("damping").asDouble(1),
                run.path("damping_int").asDouble(1),
                run.path("mom_lrs").asDouble(0),
                run.path("remove_negative").asBoolean(true));
    }
}

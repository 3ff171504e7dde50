package io.etastar.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.testing.Npz;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs against reference runs made by nested automatic differentiation. */
class GoldenTrajectoriesTest {
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
        Objective objective = new PerceptronObjective(
                JSON.convertValue(run.get("layers"), int[].class), Npz.read(folder + "batches.npz"));
        ParameterLayout layout = objective.layout();
        Optimizer optimizer = Optimizers.create(
                settings(run), Partitions.parse(run.get("partition").asText(), layout));
        double[] theta = flat(layout, Npz.read(folder + "parameters.npz"));
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
        assertArrayEquals(flat(layout, Npz.read(folder + "final.npz")), theta, TOLERANCE);
    }

    private static double[] flat(ParameterLayout layout, Map<String, Npz.Array> arrays) {
        double[] theta = new double[layout.size()];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            Npz.Array array = arrays.get(layout.name(tensor));
            assertArrayEquals(layout.shape(tensor), array.shape());
            System.arraycopy(array.values(), 0, theta, layout.offset(tensor), layout.length(tensor));
        }
        return theta;
    }

    private static OptimizerSettings settings(JsonNode run) {
        JsonNode base = run.get("base");
        String optimizer = run.get("optimizer").asText();
        BaseRuleSettings rule = new BaseRuleSettings(
                base.get("name").asText(),
                base.path("momentum").asDouble(0),
                base.path("dampening").asDouble(0),
                base.path("weight_decay").asDouble(0),
                base.path("beta1").asDouble(0.9),
                base.path("beta2").asDouble(0.999),
                base.path("eps").asDouble(1e-8));
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

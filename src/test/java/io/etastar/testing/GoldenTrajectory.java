package io.etastar.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.format.NpzFile;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.optimizer.settings.KfacSettings;
import io.etastar.optimizer.settings.NewtonSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/** A whole run made by nested automatic differentiation in another program: {@code golden/trajectories/NAME}. */
public final class GoldenTrajectory {
    /** Names of the runs whose optimizer is here. */
    public static final String[] NAMES = {
        "sgd",
        "adam",
        "newton-summary-sgd",
        "newton-summary-adam",
        "newton-summary-dampened",
        "uniform-avg-sgd",
        "k-fac"
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE = 1e-7;

    private final Path folder;
    private final JsonNode run;

    public GoldenTrajectory(String name) {
        this("trajectories", name);
    }

    /** A run of {@code golden/COLLECTION/NAME}. */
    public GoldenTrajectory(String collection, String name) {
        try {
            folder = Path.of(GoldenTrajectory.class
                    .getResource("/golden/" + collection + "/" + name)
                    .toURI());
            run = JSON.readTree(folder.resolve("case.json").toFile());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The case: model and settings. */
    public JsonNode run() {
        return run;
    }

    /** x, y, hg_x and hg_y of all steps. */
    public Map<String, NpzFile.Array> batches() {
        return arrays("batches.npz");
    }

    /** Runs the optimizer on the objective; losses, rates and final parameters must agree. */
    public void follow(Objective objective) {
        ParameterLayout layout = objective.layout();
        Optimizer optimizer = Optimizers.create(
                settings(), Partitions.parse(run.get("partition").asText(), layout));
        double[] theta = flat(layout, "parameters.npz");
        JsonNode losses = run.get("expected").get("loss");
        JsonNode etas = run.get("expected").get("eta");
        assertEquals(run.get("steps").asInt(), losses.size());
        int summaries = 0;
        for (int step = 0; step < losses.size(); step++) {
            StepResult result = optimizer.step(objective, theta, step);
            assertEquals(losses.get(step).asDouble(), result.loss().meanLoss(), TOLERANCE, "loss of step " + step);
            if (result.summary() != null && !result.summary().solverCase().equals("warm-up")) {
                double[] expected = JSON.convertValue(etas.get(summaries++), double[].class);
                assertArrayEquals(expected, result.summary().learningRates(), TOLERANCE, "rates of step " + step);
            }
        }
        assertEquals(etas.size(), summaries);
        assertArrayEquals(flat(layout, "final.npz"), theta, TOLERANCE);
    }

    private Map<String, NpzFile.Array> arrays(String file) {
        return NpzFile.read(folder.resolve(file).toString()).arrays();
    }

    private double[] flat(ParameterLayout layout, String file) {
        Map<String, NpzFile.Array> arrays = arrays(file);
        double[] theta = new double[layout.size()];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            NpzFile.Array array = arrays.get(layout.name(tensor));
            assertArrayEquals(layout.shape(tensor), array.shape());
            System.arraycopy(array.values(), 0, theta, layout.offset(tensor), layout.length(tensor));
        }
        return theta;
    }

    private OptimizerSettings settings() {
        JsonNode base = run.get("base");
        String optimizer = run.get("optimizer").asText();
        BaseRuleSettings rule = BaseRuleSettings.of(base.get("name").asText())
                .withMomentum(
                        base.path("momentum").asDouble(0),
                        base.path("dampening").asDouble(0))
                .withWeightDecay(base.path("weight_decay").asDouble(0))
                .withBetas(base.path("beta1").asDouble(0.9), base.path("beta2").asDouble(0.999))
                .withEpsilon(base.path("eps").asDouble(1e-8))
                .withRho(base.path("rho").asDouble(0.99))
                .withTrust(base.path("trust").asDouble(0.001));
        boolean uniform = optimizer.equals("newton-summary-uniform-avg");
        NewtonSettings.AverageSettings average = new NewtonSettings.AverageSettings(
                "uniform",
                0,
                0,
                run.path("avg_period").asInt(1),
                run.path("warmup").asInt(0));
        NewtonSettings newton = new NewtonSettings(
                run.path("period").asInt(1),
                run.path("damping").asDouble(1),
                run.path("damping_int").asDouble(1),
                run.path("mom_lrs").asDouble(0),
                run.path("remove_negative").asBoolean(true),
                true,
                "cubic",
                0,
                false,
                false,
                uniform ? "previous" : "zero",
                uniform ? average : NewtonSettings.AverageSettings.NONE,
                NewtonSettings.PlateauSettings.NONE);
        String name = uniform ? "newton-summary" : optimizer.equals("base") ? rule.name() : optimizer;
        return OptimizerSettings.of(name, rule, run.path("lr").asDouble(1))
                .with(newton)
                .with(kfac(run.path("kfac")));
    }

    private static KfacSettings kfac(JsonNode keys) {
        if (keys.isMissingNode()) {
            return KfacSettings.DEFAULT;
        }
        return new KfacSettings(
                keys.get("decay").asDouble(),
                keys.get("damping").asDouble(),
                keys.get("clip").asDouble(),
                keys.get("factor_period").asInt(),
                keys.get("inverse_period").asInt(),
                keys.get("fisher").asText().equals("sampled"));
    }
}

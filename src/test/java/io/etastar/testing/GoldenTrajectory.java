package io.etastar.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.format.NpzFile;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.settings.OptimizerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        follow(objective, settings());
    }

    /** Runs the optimizer with other settings than the case names, which must come to the same. */
    public void follow(Objective objective, OptimizerSpec settings) {
        ParameterLayout layout = objective.layout();
        Optimizer optimizer = Optimizers.create(
                settings, Partitions.parse(run.get("partition").asText(), layout));
        double[] theta = flat(layout, "parameters.npz");
        JsonNode losses = run.get("expected").get("loss");
        JsonNode etas = run.get("expected").get("eta");
        assertEquals(run.get("steps").asInt(), losses.size());
        int summaries = 0;
        for (int step = 0; step < losses.size(); step++) {
            StepResult result = optimizer.step(objective, theta, step);
            assertEquals(losses.get(step).asDouble(), result.loss().meanLoss(), TOLERANCE, "loss of step " + step);
            if (result.summary() != null
                    && !result.summary().solution().solverCase().equals("warm-up")) {
                double[] expected = JSON.convertValue(etas.get(summaries++), double[].class);
                assertArrayEquals(expected, result.summary().learningRates(), TOLERANCE, "rates of step " + step);
            }
        }
        assertEquals(etas.size(), summaries);
        assertArrayEquals(flat(layout, "final.npz"), theta, TOLERANCE);
        if (Files.exists(folder.resolve("averaged.npz"))) {
            assertArrayEquals(flat(layout, "averaged.npz"), optimizer.averaged(theta), TOLERANCE);
        }
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

    private OptimizerSpec settings() {
        JsonNode base = run.get("base");
        String optimizer = run.get("optimizer").asText();
        String rule = base.get("name").asText();
        boolean uniform = optimizer.equals("newton-summary-uniform-avg");
        String name = uniform ? "newton-summary" : optimizer.equals("base") ? rule : optimizer;
        StringBuilder keys =
                new StringBuilder("name = " + name + ", lr = " + run.path("lr").asDouble(1));
        keys.append(
                        ", preset = published, rate_bound = 0, damping = 1, mom_lrs = 0, period = 1, base { momentum = 0, eps = 1e-8 }, base ")
                .append(base);
        for (String key : List.of(
                "preset",
                "period",
                "damping",
                "damping_int",
                "mom_lrs",
                "remove_negative",
                "kfac",
                "schedule_free",
                "distance",
                "model_average")) {
            if (run.has(key)) {
                keys.append(", ").append(key).append(" = ").append(run.get(key));
            }
        }
        if (uniform) {
            int period = run.path("avg_period").asInt(1);
            int warmup = run.path("warmup").asInt(0);
            keys.append(", average { kind = uniform, period = " + period + ", warmup = " + warmup + " }");
        }
        return OptimizerSpec.of(OptimizerSettings.of(keys.toString()), 0);
    }
}

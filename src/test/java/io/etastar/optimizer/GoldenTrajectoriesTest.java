package io.etastar.optimizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.testing.GoldenTrajectory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimizers alone, on an objective that shares nothing with the engine, against reference runs. */
class GoldenTrajectoriesTest {
    @ParameterizedTest
    @FieldSource("io.etastar.testing.GoldenTrajectory#NAMES")
    void lossesRatesAndParametersAgree(String name) {
        follow(new GoldenTrajectory(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw", "rmsprop", "yogi", "lars"})
    void baselinesAgree(String name) {
        follow(new GoldenTrajectory("trajectories-baselines", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "sgd", "muon"})
    void solvedLengthsAgree(String name) {
        follow(new GoldenTrajectory("trajectories-solved", name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nadamw",
                "adam-uniform",
                "sgd-moving",
                "muon",
                "muon-plain",
                "schedule-free-adamw",
                "schedule-free-adamw-warmup",
                "prodigy",
                "prodigy-bounded",
                "d-adapted-adam",
                "d-adapted-adam-bounded"
            })
    void publicImplementationsAgree(String name) {
        follow(new GoldenTrajectory("trajectories-rivals", name));
    }

    /** Presets of the published methods, with the keys set in which the reference runs differ from them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "newton-summary-dampened | preset = published-2023, period = 1, damping_int = 10, remove_negative = false",
                "uniform-avg-sgd | preset = published-2025, period = 4, damping_int = 3"
            })
    void presetsAgree(String name, String keys) {
        GoldenTrajectory golden = new GoldenTrajectory(name);
        golden.follow(objective(golden), TestSettings.spec("name = newton-summary", keys));
    }

    private static void follow(GoldenTrajectory golden) {
        golden.follow(objective(golden));
    }

    private static Objective objective(GoldenTrajectory golden) {
        int[] layers = new ObjectMapper().convertValue(golden.run().get("layers"), int[].class);
        return new PerceptronObjective(layers, golden.batches());
    }
}

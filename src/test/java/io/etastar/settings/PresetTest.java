package io.etastar.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import io.etastar.UserError;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {
    private static final String SMALL = "model.layers = [64, 20, 10]\n";

    private static Configuration job(String... keys) {
        return Configuration.of("test", ConfigFactory.parseString(SMALL + String.join("\n", keys)));
    }

    /** The keys in force, in their order here. */
    private static String inForce(Configuration job) {
        OptimizerSettings optimizer = job.optimizer();
        NewtonSettings newton = optimizer.newton();
        return String.join(
                " ",
                job.partition().spec(),
                job.summary().rows(),
                job.value("summary.batch") + "",
                optimizer.rate().decay(),
                newton.summary().period() + "",
                newton.smoothing().damping() + "",
                newton.smoothing().momLrs() + "",
                newton.smoothing().rateBound() + "",
                newton.solve().dampingInt() + "",
                newton.average().kind(),
                newton.average().period() + "",
                newton.average().warmup() + "",
                newton.plateau().of(),
                newton.plateau().factor() + "",
                newton.plateau().patience() + "",
                newton.plateau().threshold() + "",
                optimizer.base().name(),
                optimizer.base().momentum().momentum() + "",
                optimizer.base().momentum().dampening() + "");
    }

    @ParameterizedTest
    @CsvSource({
        "published, wb batch null linear 30 0.4 0.86 2.0 1.0 none 3 0 none 0.5 0 1.0E-4 adam 0.9 0.0",
        "solved, canonical batch null none 120 0.35 0.86 2.0 1.0 none 3 0 none 0.5 0 1.0E-4 muon 0.9 0.0",
        "published-2023, canonical drawn 1000 none 10 0.1 0.5 0.0 1.0 none 3 0 damping 0.5 0 1.0E-4 sgd 0.9 0.9",
        "published-2025, canonical drawn null none 10 0.1 0.0 0.0 1.0 uniform 3 3 damping 0.5 2 1.0E-4 sgd 0.9 0.0"
    })
    void aPresetGivesDefaults(String name, String expected) {
        assertEquals(expected, inForce(job("optimizer.preset = " + name)));
    }

    @Test
    void solvedGoesAlongMuonsDirectionWithGaussNewtonSummaries() {
        OptimizerSettings optimizer = job().optimizer();
        assertEquals("ggn", optimizer.newton().summary().curvature());
        assertEquals(0.8, optimizer.base().muon().momentum());
        assertEquals(256, optimizer.base().muon().maxSide());
        OptimizerSettings adams = job("optimizer.base.name = adam").optimizer();
        assertEquals("adam", adams.base().name());
        assertEquals(
                "hessian",
                job("optimizer.preset = published")
                        .optimizer()
                        .newton()
                        .summary()
                        .curvature());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.9",
        "16, 0.9",
        "32, 0.9",
        "50, 0.894",
        "64, 0.867",
        "99, 0.802",
        "100, 0.8",
        "1000, 0.8",
        "all, 0.8"
    })
    void momentumFollowsTheBatchThatIsGiven(String batch, double expected) {
        assertEquals(expected, muonsMomentum(job("training.batch = " + batch)));
    }

    /** Those below 100 are of small tables, whose rows more momentum learns by heart. */
    @Test
    void momentumIsTheSameInAutomaticBatches() {
        assertEquals(0.8, muonsMomentum(job()));
        Configuration decided = job("training.batch = auto").planned(16, 16, 1);
        assertEquals(0.8, muonsMomentum(decided));
        Configuration again = Configuration.of("again", ConfigFactory.parseString(decided.resolved()));
        assertEquals(decided.resolved(), again.resolved(), "the batch is a number there");
    }

    @Test
    void momentumThatIsSetOrNotOfSolvedLengthsStays() {
        assertEquals(0.8, muonsMomentum(job("training.batch = 32", "optimizer.base.muon.momentum = 0.8")));
        assertEquals(0.95, muonsMomentum(job("training.batch = 64", "optimizer.preset = published")));
        assertEquals(0.95, muonsMomentum(job("training.batch = 64", "optimizer.name = muon")));
    }

    private static double muonsMomentum(Configuration job) {
        return job.optimizer().base().muon().momentum();
    }

    /** Even a key that is set to its default without a preset. */
    @Test
    void aKeyThatIsSetWins() {
        Configuration job = job(
                "partition = wb",
                "summary.batch = 50",
                "optimizer { preset = published-2023, damping = 0.4, decay = linear, base.name = adam, plateau.of = none }");
        assertEquals("wb drawn 50 linear 10 0.4 0.5 0.0 1.0 none 3 0 none 0.5 0 1.0E-4 adam 0.9 0.9", inForce(job));
        OptimizerSettings optimizer = OptimizerSettings.of("preset = published-2025, period = 30");
        assertEquals(30, optimizer.newton().summary().period());
        assertEquals(3, optimizer.newton().average().warmup());
    }

    /** config.json names all keys, the preset among them. */
    @ParameterizedTest
    @EnumSource
    void aRunsConfigurationReadsBackToTheSame(Preset preset) {
        Configuration job = job("optimizer.preset = " + preset);
        Configuration again = Configuration.of("again", ConfigFactory.parseString(job.resolved()));
        assertEquals(job.resolved(), again.resolved());
    }

    @Test
    void otherOptimizersHaveNone() {
        Configuration job = job("optimizer { name = sgd, lr = 0.1, preset = published-2023 }");
        assertEquals(0, job.optimizer().base().momentum().dampening());
        assertEquals("none", job.optimizer().rate().decay());
        assertEquals("wb", job.partition().spec());
        assertNull(job.value("summary.batch"));
    }

    @Test
    void anUnknownOneIsOneLine() {
        UserError error = assertThrows(UserError.class, () -> job("optimizer.preset = published-2024"));
        String expected = "key 'optimizer.preset': found \"published-2024\", expected one of published, solved,"
                + " published-2023, published-2025";
        assertEquals(expected, error.getMessage().substring(error.getMessage().indexOf("key ")));
    }

    @Test
    void theDefaultIsOne() {
        assertEquals(
                Preset.DEFAULT,
                Preset.valueOf(Preset.DEFAULT.toUpperCase(Locale.ROOT)).toString());
        assertEquals(
                Preset.DEFAULT, job().optimizer().newton().summary().preset().toString());
    }
}

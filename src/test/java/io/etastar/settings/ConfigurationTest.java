package io.etastar.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final String SMALL = "model.layers = [64, 20, 10]\n";

    @TempDir
    Path directory;

    private Configuration load(String text, String... overrides) throws IOException {
        Path file = directory.resolve("job.conf");
        Files.writeString(file, text);
        return Configuration.load(file.toString(), List.of(overrides));
    }

    private String error(String text, String... overrides) {
        String message = assertThrows(UserError.class, () -> load(text, overrides))
                .getMessage()
                .replace(directory.toString(), "DIR");
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\1',
            value = {
                "seeed = 3 | 2: unknown key 'seeed': found 3, expected a known key; the nearest is 'seed'",
                "lr = 3 | 2: unknown key 'lr': found 3, expected a known key; the nearest is 'optimizer.lr'",
                "training.batchsize = 3 | 2: unknown key 'training.batchsize': found 3, expected a known key; the"
                        + " nearest is 'training.batch'",
                "model.actvation = relu | 2: unknown key 'model.actvation': found \"relu\", expected a known key; the"
                        + " nearest is 'model.activation'",
                "optimizer.base.monentum = 0 | 2: unknown key 'optimizer.base.monentum': found 0, expected a known"
                        + " key; the nearest is 'optimizer.base.momentum'",
                "seed = -1 | 2: key 'seed': found -1, expected int >= 0",
                "seed = 1.5 | 2: key 'seed': found 1.5, expected int >= 0",
                "seed = 99999999999 | 2: key 'seed': found 99999999999, expected int >= 0",
                "seed { a = 1 } | 2: key 'seed': found {\"a\":1}, expected int >= 0",
                "training = 5 | 2: key 'training': found 5, expected a block of keys",
                "training.hg_batch = 500 | 2: key 'training.hg_batch': found 500, expected its new name,"
                        + " 'summary.batch'",
                "training { hg_data = apart } | 2: key 'training.hg_data': found \"apart\", expected its new name,"
                        + " 'summary.rows'",
                "training.hg_share = 0.2 | 2: key 'training.hg_share': found 0.2, expected its new name,"
                        + " 'summary.share'",
                "training.epochs = many | 2: key 'training.epochs': found \"many\", expected int >= 0",
                "training.epochs = null | 2: key 'training.epochs': found null, expected int >= 0",
                "training.batch = 0 | 2: key 'training.batch': found 0, expected int >= 1, all or auto",
                "training.sync = none | 2: key 'training.sync': found \"none\", expected one of auto, step, period",
                "optimizer.mom_lrs = 1 | 2: key 'optimizer.mom_lrs': found 1, expected number in [0, 1)",
                "optimizer.damping = 0 | 2: key 'optimizer.damping': found 0, expected number > 0",
                "optimizer.base.weight_decay = -0.1 | 2: key 'optimizer.base.weight_decay': found -0.1, expected"
                        + " number >= 0",
                "optimizer.remove_negative = 1 | 2: key 'optimizer.remove_negative': found 1, expected boolean",
                "optimizer.name = sgd | 0: key 'optimizer.lr': found nothing, expected number > 0: optimizer sgd needs"
                        + " it",
                "optimizer.name = l-bfgs, training.batch = 100 | 2: key 'training.batch': found 100, expected all: optimizer l-bfgs needs"
                        + " every row",
                "dtype = half | 2: key 'dtype': found \"half\", expected one of float, double",
                "partition = 3 | 2: key 'partition': found 3, expected string or list of lists of names",
                "partition = [a, b] | 2: key 'partition': found [\"a\",\"b\"], expected string or list of lists of"
                        + " names",
                "model.cfg = [1048577, M] | 2: key 'model.cfg': found [1048577,\"M\"], expected list of int in [1, 1048576] or"
                        + " \"M\"",
                "model.layers = [64, 0, 10] | 2: key 'model.layers': found [64,0,10], expected list of int >= 1",
                "model.layers = [64] | 2: key 'model.layers': found [64], expected two or more layers for model"
                        + " perceptron",
                "model.depth = 3 | 2: key 'model.depth': found 3, expected no such key: model perceptron uses"
                        + " activation, classes, dropout, embedding_widths, embeddings, hidden_layers, input,"
                        + " label_smoothing, layers, loss, parameterisation, sigma_b, sigma_w, target",
                "model.classes = 9 | 2: key 'model.classes': found 9, expected 10, which follows from the other keys",
                "model.target = [10] | 2: key 'model.target': found [10], expected no such key: loss nll does not use"
                        + " it",
                "model.input = [8, 9] | 2: key 'model.input': found [8,9], expected a shape of 64 elements, the first"
                        + " of layers",
                "model.model = lenet | 0: key 'model.image_size': found nothing, expected int >= 1: model lenet needs"
                        + " it",
                "model.loss = none | 2: key 'model.loss': found \"none\", expected one of nll, mse, bce",
                "model.loss = bce | 2: key 'model.loss': found \"bce\", expected one of nll, mse for model perceptron",
                "data.source = idx | 0: key 'data.path': found nothing, expected a directory of IDX files: data.source"
                        + " idx needs it",
                "data.path = x | 2: key 'data.path': found \"x\", expected no such key: data.source digits is embedded",
                "data { source = images } | 0: key 'data.path': found nothing, expected a directory with"
                        + " train/CLASS/*.jpg: data.source images needs it",
                "data { source = regression, path = x } | 2: key 'data.path': found \"x\", expected no such key:"
                        + " data.source regression is embedded",
                "data.files = t10k | 2: key 'data.files': found \"t10k\", expected no such key: data.source digits has"
                        + " no such files",
                "data { source = idx, path = x, files = t10k } | 0: key 'data.test_share': found nothing, expected"
                        + " number in (0, 1): data.files t10k leaves no other test set",
                "data.test_share = 1 | 2: key 'data.test_share': found 1, expected number in (0, 1)",
                "data.transform = pixels | 0: key 'data.standardise': found true, expected false: data.transform"
                        + " pixels takes grey levels",
                "data { transform = pixels, standardise = false, targets = features } | 2: key 'data.targets': found"
                        + " \"features\", expected labels: data.transform pixels has targets of its own",
                "training.max_steps = 0 | 2: key 'training.max_steps': found 0, expected int >= 1",
                "data.classes = 7 | 2: key 'data.classes': found 7, expected 10, the model's classes",
                "spark.conf.master = x | 2: key 'spark.conf': found {\"master\":\"x\"}, expected map of spark.* keys"
            })
    void namesLineKeyFoundAndExpected(String line, String expected) {
        String place = expected.startsWith("0: ") ? "DIR/job.conf: " : "DIR/job.conf:2: ";
        assertEquals(place + expected.substring(3), error(SMALL + line));
    }

    @Test
    void lbfgsNeedsOneLoss() throws IOException {
        String job = SMALL + "optimizer.name = l-bfgs\n";
        assertEquals(0, load(job + "training.batch = all").training().length().batch());
        assertEquals(0, load(job).training().length().batch(), "automatic");
        assertFalse(load(job + "data.partitions = 1").isAutomatic());
        assertTrue(error(job + "training.batch = 50")
                .endsWith("conf:3: key 'training.batch': found 50, expected all: optimizer l-bfgs needs every row"));
        assertTrue(error(job + "training.batch = all\nmodel.dropout = 0.1")
                .endsWith("conf:4: key 'model.dropout': found 0.1, expected 0: optimizer l-bfgs needs the same loss at"
                        + " every step"));
    }

    @Test
    void reportsTheFirstMistakeOfTheFile() {
        assertTrue(
                error("training.epochs = -1\nseed = -1\n" + SMALL).startsWith("DIR/job.conf:1: key 'training.epochs'"));
    }

    @Test
    void solvedLengthsRefuseWhatTheyDoNotRead() throws IOException {
        String solved = SMALL + "optimizer.preset = solved\n";
        String expected =
                ", expected no such key with optimizer.preset = solved, which reads period, damping, curvature and confirm";
        assertEquals(
                "DIR/job.conf:3: key 'optimizer.damping_int': found 3" + expected,
                error(solved + "optimizer.damping_int = 3\n"));
        assertEquals(
                "DIR/job.conf:3: key 'optimizer.plateau.of': found \"damping\"" + expected,
                error(solved + "optimizer.plateau.of = damping\n"));
        // Defaults stand in the config.json of every run.
        assertTrue(load(solved + "optimizer { period = 7, damping_int = 1.0, solve = cubic }\n")
                .optimizer()
                .newton()
                .isSolved());
    }

    @Test
    void saysWhichFileIsMissingOrBroken() {
        String absent = directory.resolve("absent.conf").toString();
        assertEquals(
                absent + ": found nothing, expected a configuration file",
                assertThrows(UserError.class, () -> Configuration.load(absent, List.of()))
                        .getMessage());
        assertEquals(
                directory + ": found a directory, expected a configuration file",
                assertThrows(UserError.class, () -> Configuration.load(directory.toString(), List.of()))
                        .getMessage());
        assertTrue(error(SMALL + "seed = [1\n").startsWith("DIR/job.conf:3: found a syntax error, expected HOCON"));
        assertTrue(error(SMALL + "seed = ${no.such}\n").startsWith("DIR/job.conf:2: found a syntax error"));
        assertEquals(
                "DIR/job.conf: key 'model.layers': found nothing, expected list of int >= 1: model autoencoder needs it",
                error("model.model = autoencoder"));
    }

    @Test
    void overridesAreNamedByThemselves() {
        assertEquals("--set seed=x: key 'seed': found \"x\", expected int >= 0", error(SMALL, "seed=x"));
        assertEquals("--set seed: found no '=', expected path=value", error(SMALL, "seed"));
        assertTrue(error(SMALL, "sed=1").contains("the nearest is 'seed'"));
        assertTrue(error(SMALL, "model.layers=[1,").startsWith("--set model.layers=[1,: found '[1,', expected"));
        assertTrue(error(SMALL, "a..b=1").startsWith("--set a..b=1: found 'a..b', expected a path"));
    }

    @Test
    void overridesWinAndLaterOnesMore() throws IOException {
        Configuration configuration = load(
                SMALL + "training.epochs = 3",
                "training.epochs=4",
                "training.epochs=5",
                "partition=names:weight,bias",
                "spark.conf.spark.eventLog.dir=hdfs://host/logs",
                "model.layers=[64,10]");
        assertEquals(5, configuration.training().length().epochs());
        assertEquals("names:weight,bias", configuration.partition().spec());
        assertEquals(Map.of("spark.eventLog.dir", "hdfs://host/logs"), configuration.spark());
        assertTrue(configuration.model().json().contains("\"layers\":[64,10]"));
    }

    @Test
    void fillsInWhatFollows() throws IOException {
        Configuration configuration = load(SMALL + "training.batch = 50\npartition = [[a, b], [c]]");
        assertEquals(
                "{\"activation\":\"tanh\",\"classes\":10,\"input\":[64],\"layers\":[64,20,10],\"loss\":\"nll\","
                        + "\"model\":\"perceptron\",\"sigma_w\":1.0}",
                configuration.model().json());
        assertEquals(
                new TrainingSettings(
                        new TrainingSettings.Length(10, 0, 50, 0),
                        new TrainingSettings.Communication("auto", 10, 2, "driver"),
                        new TrainingSettings.Checkpoints(0, 0, 2)),
                configuration.training());
        assertEquals(
                new SummarySettings(50, "batch", 0.1, new SummarySettings.Data(null, null, null, null, Map.of(), null)),
                configuration.summary());
        assertEquals(
                new DataSettings(
                        new DataSettings.Files("digits", null, "train", Double.NaN, "test", false, null, "auto"),
                        new DataSettings.Columns(List.of(), null, null, List.of()),
                        DataSettings.Csv.DEFAULT,
                        DataSettings.Reader.NONE,
                        new DataSettings.Table(List.of(), "standard", "keep", 1000),
                        new DataSettings.Rows("labels", "none", true, true, -1),
                        new DataSettings.Classes(10, List.of())),
                configuration.data());
        assertEquals(
                List.of(List.of("a", "b"), List.of("c")),
                configuration.partition().groups());
        assertNull(configuration.partition().spec());
        assertEquals(DType.FLOAT, configuration.dtype());
        assertEquals("job", configuration.name());
        assertEquals(
                OptimizerSettings.Name.NEWTON_SUMMARY, configuration.optimizer().name());
        assertEquals(0.999, configuration.optimizer().base().moments().beta2());
    }

    @Test
    void imageModelsKnowTheirInput() throws IOException {
        String lenet = "model { model = lenet, layers = [1, 6, 16, 120, 84, 10], image_size = 28 }";
        assertTrue(load(lenet).model().json().contains("\"input\":[1,28,28],\"kernel\":5"));
        String vgg = "model { model = vgg, cfg = [4, M, 6, \"M\"], in_channels = 3, image_size = 8, classes = 5 }";
        assertTrue(load(vgg)
                .model()
                .json()
                .startsWith("{\"activation\":\"tanh\",\"cfg\":[4,\"M\",6,\"M\"],\"classes\":5"));
        assertTrue(error(vgg, "model.image_size=3").contains("expected at least 4 for 2 poolings"));
        assertTrue(error(lenet, "model.image_size=8").contains("expected a larger image"));
    }

    @Test
    void resolvedIsAJobFileOfItsOwn() throws IOException {
        String text = SMALL + "spark.conf.spark.ui.port = 4041\nseed = 7\noptimizer.damping = 5e-1";
        String resolved = load(text).resolved();
        assertTrue(resolved.contains("\"damping\" : 0.5"), resolved);
        assertFalse(resolved.contains("image_size"), resolved);
        assertEquals(resolved, load(resolved).resolved());
        assertEquals(load(text).model(), load(resolved).model());
        assertEquals(Map.of("spark.ui.port", "4041"), load(resolved).spark());
    }

    @Test
    void substitutionsSeeTheDefaults() throws IOException {
        assertEquals(
                10, load(SMALL + "summary.batch = ${training.epochs}").summary().batch());
    }

    @Test
    void whatIsAutomaticIsDecidedOnce() throws IOException {
        Configuration job = load(SMALL + "summary.batch = ${training.batch}");
        assertTrue(job.isAutomatic());
        Configuration planned = job.planned(64, 64, 3);
        assertFalse(planned.isAutomatic());
        assertEquals(64, planned.training().length().batch());
        assertEquals(64, planned.summary().batch());
        assertEquals(3, planned.data().rows().partitions());
        assertEquals(planned.resolved(), planned.planned(65, 65, 4).resolved(), "decided already");
        Configuration given =
                load(SMALL + "training.batch = 20, summary.batch = 40").planned(64, 64, null);
        assertEquals(20, given.training().length().batch());
        assertEquals(40, given.summary().batch());
        assertTrue(given.isAutomatic(), "shards are still open");
    }

    @Test
    void aRunOfAnEarlierVersionHasFormerNames() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(
                file,
                "{\"model\": {\"layers\": [64, 10]}, \"training\": {\"epochs\": 7, \"hg_batch\": \"all\", \"hg_data\":"
                        + " \"apart\", \"hg_share\": 0.25}}");
        Configuration run = Configuration.ofRun(file.toString(), List.of("seed=3"));
        assertEquals(
                new SummarySettings(0, "apart", 0.25, new SummarySettings.Data(null, null, null, null, Map.of(), null)),
                run.summary());
        assertEquals(7, run.training().length().epochs());
        assertEquals(3, run.seed());
        Files.writeString(
                file, "{\"model\": {\"layers\": [64, 10]}, \"training\": {\"batch\": 100, \"hg_batch\": null}}");
        assertEquals(
                100, Configuration.ofRun(file.toString(), List.of()).summary().batch());
    }
}

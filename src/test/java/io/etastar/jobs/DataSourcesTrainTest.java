package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs on tiny images, made-up numbers and transformed rows. */
class DataSourcesTrainTest {
    private static final int SIDE = 8;

    @TempDir
    Path directory;

    /** Grey images: class bright is light on its left half, class dim is dark all over, both with noise. */
    @BeforeEach
    void images() throws IOException {
        Random random = new Random(1);
        for (String set : new String[] {"train", "test"}) {
            for (String name : new String[] {"bright", "dim"}) {
                Path folder = Files.createDirectories(directory.resolve("images/" + set + "/" + name));
                for (int i = 0; i < (set.equals("train") ? 40 : 10); i++) {
                    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
                    for (int p = 0; p < SIDE * SIDE; p++) {
                        int light = name.equals("bright") && p % SIDE < SIDE / 2 ? 180 : 20;
                        image.getRaster().setSample(p % SIDE, p / SIDE, 0, light + random.nextInt(40));
                    }
                    ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
                }
            }
        }
    }

    private String conf(String text) throws IOException {
        return Files.writeString(directory.resolve("job.conf"), text).toString();
    }

    private String images(String model, String more) throws IOException {
        return conf("model { " + model + " }\ndata { source = images, path = \"" + directory
                + "/images\", partitions = 2 }\n"
                + "optimizer { name = adam, lr = 0.01 }\ntraining { epochs = 4, batch = 20 }\n" + more + "\n");
    }

    private JobRun train(String conf, String output, String... more) {
        String[] args = new String[3 + more.length];
        args[0] = conf;
        args[1] = "--output";
        args[2] = directory.resolve(output).toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return JobRun.good(Train::run, args);
    }

    @Test
    void imagesAreLearnedAndEvaluated() throws IOException {
        String conf = images("layers = [64, 8, 2], input = [1, 8, 8]", "");
        JobRun trained = train(conf, "run");
        assertEquals(1, trained.figure("test_accuracy"), trained.out());
        JobRun evaluated =
                JobRun.good(Evaluate::run, "--model", directory.resolve("run").toString());
        assertEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 1e-5);
        String error =
                JobRun.error(Draw::run, "--model", directory.resolve("run").toString(), "--output", "unused.png");
        assertTrue(
                error.contains("found a perceptron of rows [1, 8, 8] and 2 classes, expected an image_generator"),
                error);
        assertTrue(JobRun.error(Train::run, conf, "--set", "model.layers=[64, 8, 3]", "--output", "unused")
                .contains("2 units in the last layer"));
    }

    @Test
    void foldersOfClassesAloneAreSplit() throws IOException {
        String conf = images("layers = [64, 8, 2], input = [1, 8, 8]", "data.test_share = 0.25");
        String[] alone = {"--set", "data.path=" + directory.resolve("images/train")};
        JobRun trained = train(conf, "run", alone);
        assertEquals(1, trained.figure("test_accuracy"), trained.out());
        assertTrue(JobRun.error(Train::run, conf, alone[0], alone[1], "--set", "data.test_share=null", "--output", "x")
                .contains("train"));
    }

    @Test
    void anAutoencoderLearnsItsInputs() throws IOException {
        String conf = images(
                "model = autoencoder, layers = [64, 16, 2], input = [1, 8, 8]",
                "data { targets = features, standardise = false }\ntraining.epochs = 30");
        JobRun trained = train(conf, "run");
        // The binary cross-entropy of the images themselves is what cannot be undercut.
        assertTrue(trained.figure("test_loss") < 0.6 * 64, trained.out());
        assertEquals("NaN", trained.result().get("test_accuracy"));
        JobRun evaluated =
                JobRun.good(Evaluate::run, "--model", directory.resolve("run").toString());
        assertEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 1e-4);
        assertTrue(JobRun.error(
                        Train::run,
                        conf("model { model = autoencoder, layers = [64, 2] }\ndata.targets = features\n"
                                + "optimizer { name = adam, lr = 0.01 }\n"),
                        "--output",
                        "unused")
                .contains("'model.loss': found bce, expected mse: a target of digits"));
    }

    @Test
    void pixelsAreLearnedAndEvaluationDrawsTheSameOnes() throws IOException {
        String conf = images(
                "model = image_generator, image_size = 8, width = 4, depth = 1",
                "data { transform = pixels, standardise = false }");
        JobRun trained = train(conf, "run");
        assertTrue(trained.figure("test_loss") < Math.log(256), trained.out());
        JobRun evaluated =
                JobRun.good(Evaluate::run, "--model", directory.resolve("run").toString());
        assertEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 1e-4);
        assertEquals(trained.result().get("test_accuracy"), evaluated.result().get("test_accuracy"));
        imagesAreDrawn(directory.resolve("run").toString());
    }

    private void imagesAreDrawn(String run) throws IOException {
        String file = directory.resolve("drawn.png").toString();
        JobRun drawn = JobRun.of(Draw::run, "--model", run, "--output", file, "--images", "3");
        assertEquals(0, drawn.exitCode(), drawn.err());
        assertEquals(0, drawn.contexts(), "Spark contexts");
        assertEquals("result images=3 file=" + file, drawn.out().trim());
        BufferedImage image = ImageIO.read(Path.of(file).toFile());
        // Two of 8 pixels beside each other, a line of one between them, each three pixels of the figure.
        assertEquals(51, image.getWidth());
        assertEquals(51, image.getHeight());
        assertTrue(JobRun.error(Draw::run, "--model", run, "--output", file)
                .contains("--output " + file + ": found it there already, expected a new name"));
        assertTrue(JobRun.error(Draw::run, "--model", run, "--output", "x.png", "--images", "0")
                .contains("--images: found '0', expected a whole number from 1 to 9999"));
    }

    @Test
    void shiftsAndMirroringAreTheSameOnAnyExecutor() throws IOException {
        String model = "layers = [64, 8, 2], input = [1, 8, 8]";
        String conf = images(model, "data.transform = crop-flip");
        train(conf, "a");
        train(conf, "b", "--master", "local[1]");
        Map<String, String> files = JobRun.files(directory.resolve("a/model"));
        assertEquals(files, JobRun.files(directory.resolve("b/model")));
        train(images(model, ""), "c");
        assertNotEquals(files, JobRun.files(directory.resolve("c/model")));
    }

    @Test
    void theRegressionIsLearned() throws IOException {
        String conf = conf("model { layers = [10, 1], loss = mse }\ndata { source = regression, standardise = false }\n"
                + "optimizer { name = sgd, lr = 0.02, base { momentum = 0, dampening = 0 } }\n"
                + "training { epochs = 20, batch = 20 }\n");
        JobRun trained = train(conf, "run");
        // The noise alone: 0.1 squared, once or twice it as the loss is defined.
        assertTrue(trained.figure("test_loss") < 0.025, trained.out());
        assertTrue(JobRun.error(Train::run, conf, "--set", "model.layers=[10, 2]", "--output", "unused")
                .contains("1 outputs: targets of regression (made up), train"));
    }

    @Test
    void aRunEndsAfterItsMostSteps() throws IOException {
        JobRun run = train(JobRun.digits(directory, "training.max_steps = 20"), "run");
        assertEquals(20, run.figure("steps"));
        assertEquals(2, run.figure("epochs"));
        Path metrics = directory.resolve("run/metrics.jsonl");
        String last = Files.readAllLines(metrics).get(21);
        assertTrue(last.startsWith("{\"kind\":\"epoch\",\"epoch\":2,\"steps\":20,"), last);
        JobRun evaluated =
                JobRun.good(Evaluate::run, "--model", directory.resolve("run").toString());
        assertEquals(run.figure("test_loss"), evaluated.figure("test_loss"), 1e-4 * run.figure("test_loss"));
    }

    @Test
    void aShareOfTheTrainingRowsIsTheTestSet() throws IOException {
        JobRun run = train(JobRun.digits(directory, "data.test_share = 0.2", "training.epochs = 1"), "run");
        // 1200 rows in batches of 100.
        assertEquals(12, run.figure("steps"));
        assertTrue(run.figure("test_accuracy") > 0.3, run.out());
    }
}

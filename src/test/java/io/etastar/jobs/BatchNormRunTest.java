package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.data.format.DigitsSource;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.quantity.MeanSums;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a network with batch norm: the statistics that its model keeps, and what reads them. */
@Tag("rough")
class BatchNormRunTest {
    private static final int ROWS = 1500;

    @TempDir
    static Path directory;

    private static String run;
    private static JobRun trained;

    @BeforeAll
    static void train() throws IOException {
        Path conf = Files.writeString(
                directory.resolve("a.conf"),
                "model { model = vgg, in_channels = 1, image_size = 8, classes = 10, cfg = [6, M, 8, M],"
                        + " batch_norm = true }\n"
                        + "data { partitions = 3 }\noptimizer { name = adam, lr = 0.02 }\n"
                        + "training { epochs = 2, batch = 60, micro_batch = 7 }\n");
        run = directory.resolve("run").toString();
        trained = JobRun.good(Train::run, conf.toString(), "--output", run);
    }

    private static void assertSameFigures(JobRun evaluated) {
        assertEquals(trained.figure("test_accuracy"), evaluated.figure("test_accuracy"));
        assertEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 2e-6);
    }

    @Test
    void evaluationDoesNotDependOnShardsOrMicroBatches() {
        for (String set : List.of("training.micro_batch=1", "training.micro_batch=50", "data.partitions=5")) {
            assertSameFigures(JobRun.good(Evaluate::run, "--model", run, "--set", set));
        }
    }

    @Test
    void theFirstNormHasMeanAndVarianceOfAllTrainingRows() {
        StoredModel model = ModelDirectory.read(run);
        ModelDescription description = new ModelDescription(model.description());
        MeanSums sums = ofTrainingRows(model, description.withStatistics(List.of()));
        List<Statistic> statistics = description.statistics();
        assertEquals(4, statistics.size());
        for (int i = 0; i < 2; i++) {
            int from = 6 * i;
            double[] expected = Arrays.stream(sums.values(), from, from + 6)
                    .map(value -> value / ROWS)
                    .toArray();
            assertArrayEquals(expected, statistics.get(i).values(), 1e-5);
        }
        // Behind it, channels have been normalised by micro-batches.
        assertEquals(sums.values()[12] / ROWS, statistics.get(2).values()[0], 0.1);
    }

    private static MeanSums ofTrainingRows(StoredModel model, ModelDescription training) {
        List<String> names = new ModelDescription(model.description())
                .statistics().stream().map(Statistic::name).toList();
        Shard rows = DigitsSource.train(1).read(0, ROWS);
        new Standardisation(model.mean(), model.deviation()).applyInPlace(rows, new int[] {1, 8, 8});
        try (Program program = Program.compile(training.build(DType.DOUBLE), DType.DOUBLE, ROWS, null)) {
            program.setParameters(RawArray.of(model.theta().toDoubles()));
            return program.means(rows, IntStream.range(0, ROWS).toArray(), names);
        }
    }

    @Test
    void npzKeepsTheStatistics() {
        String npz = directory.resolve("a.npz").toString();
        JobRun written = JobRun.of(Convert::run, "--to", "npz", "--model", run, "--output", npz);
        assertEquals(14, written.figure("arrays"));
        String back = directory.resolve("back").toString();
        JobRun.of(Convert::run, run, "--from", "npz", "--parameters", npz, "--output", back);
        assertSameFigures(JobRun.good(Evaluate::run, run + "/config.json", "--model", back));
    }

    @Test
    void aModelWithoutThemTakesThoseOfTheRowsAtHand() {
        StoredModel model = ModelDirectory.read(run);
        String old = directory.resolve("old").toString();
        String training = new ModelDescription(model.description())
                .withStatistics(List.of())
                .json();
        ModelDirectory.write(
                old,
                new StoredModel(
                        training, model.layout(), model.theta(), model.mean(), model.deviation(), model.classes()));
        JobRun evaluated =
                JobRun.good(Evaluate::run, run + "/config.json", "--model", old, "--set", "training.micro_batch=5");
        assertNotEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 1e-3);
    }

    @Test
    void summariesAreThoseOfTraining() {
        StoredModel model = ModelDirectory.read(run);
        CommandLine.Arguments arguments = new CommandLine("summarize", "", System.out)
                .argument("CASE", false, "")
                .option("parameters", "", "")
                .option("model", "", "")
                .option("partition", "", "")
                .read(new String[] {"--model", run});
        SummaryProblem problem = SummaryProblem.of(arguments);
        assertEquals(List.of(), problem.model().statistics());
        assertEquals(
                new ModelDescription(model.description())
                        .withStatistics(List.of())
                        .json(),
                problem.model().json());
    }
}

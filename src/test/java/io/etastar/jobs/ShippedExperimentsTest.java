package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.ExperimentRunner;
import io.etastar.experiment.OptimizerEntry;
import io.etastar.experiment.RunContext;
import io.etastar.experiment.comparison.Comparison;
import io.etastar.experiment.comparison.Selection;
import io.etastar.settings.OptimizerSettings;
import io.etastar.source.JobData;
import io.etastar.spark.SparkTestSession;
import io.etastar.training.ClusterShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of conf/experiments at its smallest scale, a step or so of each, on noise in the place of its data: of closed form with all
 * optimizers, of small networks with the first one, of large ones with Adam if there is one.
 */
class ShippedExperimentsTest {
    private static final Path SHIPPED = Path.of("conf/experiments");
    private static final double SMALLEST = 1e-9;
    private static final int SMALL = 300_000;

    @TempDir
    static Path directory;

    private static SparkTestSession session;

    @BeforeAll
    static void prepare() throws IOException {
        StandInData data = new StandInData(directory);
        for (Path file : files().toList()) {
            Files.writeString(directory.resolve(file.getFileName()), data.inPlaceOf(Files.readString(file)));
        }
        session = SparkTestSession.open("local[1]");
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(SHIPPED)) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void runsAtItsSmallestScale(Path shipped) throws IOException {
        String file = directory.resolve(shipped.getFileName()).toString();
        ExperimentFile experiment = ExperimentFile.load(file, List.of());
        if (experiment.block("job").isEmpty()) {
            assertRun(experiment, List.of());
        } else if (experiment.kind().equals(Comparison.KIND)) {
            assertWorkloads(experiment);
        } else {
            ExperimentFile small = ExperimentFile.load(file, List.of("job.training.batch=4"));
            assertRun(small, List.of(one(small)));
        }
    }

    private static String one(ExperimentFile file) {
        List<OptimizerEntry> all = file.optimizers();
        int parameters = all.get(0).configuration(1).model().build().layout().size();
        return parameters < SMALL
                ? all.get(0).name()
                : all.stream()
                        .filter(entry -> entry.settings().name() == OptimizerSettings.Name.ADAM)
                        .findFirst()
                        .orElse(all.get(0))
                        .name();
    }

    private static void assertRun(ExperimentFile file, List<String> optimizers) throws IOException {
        List<String> lines = new ArrayList<>();
        ExperimentRunner.Kept kept = new ExperimentRunner.Kept(null, null, false);
        new ExperimentRunner(file, context(new ArrayList<>()), 1, optimizers, kept).run(lines::add);
        assertEquals(optimizers.isEmpty() ? file.optimizers().size() : optimizers.size(), lines.size());
        String cut = ".* scale=1\\.0E-9 seeds=1 seconds=[0-9.]+";
        lines.forEach(
                line -> assertTrue(line.matches("experiment " + file.name() + " optimizer=\\S+ \\S+=" + cut), line));
        lines.forEach(line -> assertFalse(line.contains("train_loss=Infinity"), line));
    }

    /** One that has data; one that has none is named and left out. */
    private static void assertWorkloads(ExperimentFile file) throws IOException {
        List<String> progress = new ArrayList<>();
        Selection one = new Selection(
                List.of("perceptron"),
                List.of(32),
                List.of(1.0),
                List.of("adam-1e-3"),
                new Selection.Which(false, false, 1));
        new Comparison(file, context(progress), one, directory.resolve("results")).run(line -> {});
        assertTrue(progress.stream().anyMatch(line -> line.contains("train_loss=")), progress.toString());
        Selection absent = new Selection(
                List.of("letter"),
                List.of(32),
                List.of(1.0),
                List.of("adam-1e-3"),
                new Selection.Which(false, false, 1));
        new Comparison(file, context(progress), absent, directory.resolve("results")).run(line -> {});
        assertTrue(
                progress.stream().anyMatch(line -> line.startsWith("left out: letter, for nothing is at ")),
                progress.toString());
    }

    private static RunContext context(List<String> progress) {
        JobData data = new JobData(session::context);
        return new RunContext(
                SMALLEST,
                session::context,
                null,
                progress::add,
                data::of,
                configuration -> Train.plan(configuration, data, () -> ClusterShape.of(session.context())));
    }
}

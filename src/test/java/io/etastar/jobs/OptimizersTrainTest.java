package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every optimizer learns the embedded digits through the whole job, with one line of configuration or two. */
class OptimizersTrainTest {
    @TempDir
    Path directory;

    private JobRun train(String output, String... settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                JobRun.digits(directory), "--output", directory.resolve(output).toString()));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return JobRun.good(Train::run, arguments.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer.name=gen optimizer.gen.highest=100",
                "optimizer.name=gen optimizer.gen.kind=subsets summary.rows=batch",
                "optimizer.name=gen optimizer.gen.kind=approximate optimizer.lr=0.1 optimizer.gen.smoothing=0.5",
                "optimizer.name=newton-stochastic-hv optimizer.lr=0.1 optimizer.ridge=0.5",
                "optimizer.preset=published optimizer.solve=ridge optimizer.ridge=0.1 summary.rows=apart summary.batch=100",
                "optimizer.preset=published optimizer.average.kind=uniform optimizer.average.warmup=1 optimizer.period=3"
                        + " optimizer.normalise=true",
                "optimizer.preset=published optimizer.average.kind=moving optimizer.diagonal=true optimizer.plateau.of=damping",
                "training.batch=all summary.batch=all summary.rows=apart training.epochs=12 optimizer.period=1",
                "optimizer.decay=cosine",
                "optimizer.preset=published optimizer.curvature=ggn",
                "optimizer.preset=solved optimizer.curvature=ggn training.epochs=3",
            })
    void learns(String settings) throws IOException {
        JobRun run = train("run", settings.split(" "));
        assertTrue(run.figure("train_loss") < 2.1, settings + ": " + run.out());
    }

    @Test
    void theMatrixOfSummariesIsTheOneAskedFor() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String curvature : new String[] {"hessian", "ggn"}) {
            train(curvature, "optimizer.preset=published", "optimizer.curvature=" + curvature, "training.max_steps=1");
            Path file = directory.resolve(curvature + "/summaries.jsonl");
            lines.add(Files.readAllLines(file).get(0));
            assertTrue(lines.get(lines.size() - 1).contains("\"curvature\":\"" + curvature + "\""));
        }
        JsonNode exact = new ObjectMapper().readTree(lines.get(0));
        JsonNode ggn = new ObjectMapper().readTree(lines.get(1));
        for (int s = 0; s < exact.get("g").size(); s++) {
            double slope = exact.get("g").get(s).asDouble();
            assertEquals(slope, ggn.get("g").get(s).asDouble(), 1e-4 * Math.abs(slope));
            assertTrue(ggn.get("H").get(s).get(s).asDouble() >= 0);
        }
        assertNotEquals(exact.get("H"), ggn.get("H"));
    }

    @Test
    void rowsOfSummariesAreThoseAskedFor() throws IOException {
        List<String> summaries = new ArrayList<>();
        for (String rows : new String[] {"drawn", "batch", "apart"}) {
            train(rows, "summary.rows=" + rows, "training.epochs=1", "summary.batch=100");
            summaries.add(Files.readString(directory.resolve(rows + "/summaries.jsonl")));
        }
        assertNotEquals(summaries.get(0), summaries.get(1));
        assertNotEquals(summaries.get(0), summaries.get(2));
        String step =
                Files.readAllLines(directory.resolve("batch/metrics.jsonl")).get(0);
        String summary =
                Files.readAllLines(directory.resolve("batch/summaries.jsonl")).get(0);
        assertEquals(loss(step), loss(summary), 1e-6);
        // A tenth of each shard of 750 rows is kept apart.
        String epoch = Files.readAllLines(directory.resolve("apart/metrics.jsonl")).stream()
                .filter(line -> line.contains("\"epoch\",\"epoch\"") || line.contains("\"kind\":\"epoch\""))
                .findFirst()
                .orElseThrow();
        assertTrue(epoch.contains("\"steps\":14"), epoch);
    }

    private static double loss(String line) {
        return Double.parseDouble(line.replaceFirst(".*?\"loss\":([^,]*),.*", "$1"));
    }
}

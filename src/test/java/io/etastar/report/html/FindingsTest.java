package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sentences on runs whose files are known. */
class FindingsTest {
    @TempDir
    Path directory;

    private final List<String> metrics = new ArrayList<>();
    private final List<String> summaries = new ArrayList<>();

    private List<String> findings() throws IOException {
        Files.write(directory.resolve("metrics.jsonl"), metrics);
        Files.write(directory.resolve("summaries.jsonl"), summaries);
        RunFiles files = new RunFiles(directory.toString());
        return Findings.of(StepHistory.of(files), SummaryHistory.of(files, 18_000, 90_000));
    }

    private void epoch(double train, Object test) {
        int epoch = metrics.size() + 1;
        metrics.add("{\"kind\":\"epoch\",\"epoch\":" + epoch + ",\"steps\":" + epoch + ",\"train_loss\":" + train
                + ",\"test_loss\":" + test + ",\"seconds\":1}");
    }

    private void step(double loss) {
        metrics.add("{\"kind\":\"step\",\"step\":" + (metrics.size() + 1) + ",\"epoch\":1,\"loss\":" + loss
                + ",\"seconds\":{}}");
    }

    private void summary(String groups, String eta, String rates) {
        summaries.add("{\"step\":" + (summaries.size() + 1) + ",\"groups\":" + groups
                + ",\"loss\":1,\"g\":[1,1],\"H\":[[1,0],[0,1]],\"order3\":[0,0],\"eta\":" + eta + ",\"learning_rates\":"
                + rates + ",\"r\":1,\"case\":\"cubic\"}");
    }

    private void summaries(String groups, int count, int negative) {
        for (int i = 0; i < count; i++) {
            summary(groups, i < negative ? "[-1,1]" : "[1,1]", i < negative ? "[0,1]" : "[0.5,1]");
        }
    }

    private static final String WB = "[[\"a.weight\",\"b.weight\"],[\"a.bias\",\"b.bias\"]]";
    private static final String NAMED = "[[\"a.weight\"],[\"a.bias\"]]";

    @Test
    void aUsualRunHasNone() throws IOException {
        summaries(WB, 30, 14);
        for (int i = 1; i <= 10; i++) {
            epoch(1.0 / i, 1.1 / i);
        }
        assertEquals(List.of(), findings());
    }

    @Test
    void subsetsThatStandStill() throws IOException {
        for (int i = 0; i < 30; i++) {
            summary(WB, "[1,-1]", "[1,0]");
        }
        assertEquals(List.of("The biases did not move: their rates were 0 in all 30 summaries."), findings());
        summaries.replaceAll(line -> line.replace(WB, NAMED));
        assertEquals(List.of("Subset a.bias did not move: its rate was 0 in all 30 summaries."), findings());
        summaries.replaceAll(line -> line.replace("[1,0],\"r\"", "[0,0],\"r\""));
        assertEquals(
                List.of("Subset a.weight and subset a.bias did not move: their rates were 0 in all 30 summaries."),
                findings());
        summaries.set(29, summaries.get(29).replace("[0,0],\"r\"", "[1,0.25],\"r\""));
        assertEquals(
                List.of("eta* was negative for subset a.bias in 30 of 30 summaries: the solution went against these"
                        + " directions."),
                findings());
    }

    @Test
    void negativeSolutionsAreCounted() throws IOException {
        summaries(WB, 30, 25);
        assertEquals(
                List.of("eta* was negative for the weights in 25 of 30 summaries: the solution went against these"
                        + " directions."),
                findings());
    }

    @Test
    void summariesWithoutSolutionAndOfEarlierVersions() throws IOException {
        summaries(WB, 4, 0);
        summaries.replaceAll(
                line -> line.replace("\"groups\":" + WB + ",", "").replace("[1,1],\"learning", "null,\"learning"));
        assertEquals(List.of(), findings());
        summaries.replaceAll(line -> line.replace("[0.5,1],\"r\"", "[0,1],\"r\""));
        assertEquals(List.of("Subset 1 did not move: its rate was 0 in all 4 summaries."), findings());
    }

    @Test
    void aLossThatGrew() throws IOException {
        for (double loss : new double[] {2, 0.5, 0.1, 0.9, 1.2, 0.3}) {
            epoch(loss, "null");
        }
        assertEquals(
                List.of("The training loss grew more than tenfold: from 0.1 in epoch 3 to 1.2 in epoch 5."),
                findings());
    }

    @Test
    void noiseNearZeroIsNoGrowth() throws IOException {
        for (double loss : new double[] {2, 0.5, 0.001, 0.00005, 0.001}) {
            epoch(loss, loss);
        }
        assertEquals(List.of(), findings());
    }

    @Test
    void aLossThatGrewWithinOneEpoch() throws IOException {
        for (int i = 0; i < 100; i++) {
            step(i < 50 ? 1 : 20);
        }
        assertEquals(
                List.of("The training loss grew more than tenfold: from 1 in steps 1 to 10 to 20 in steps 51 to 60."),
                findings());
    }

    @Test
    void overfitting() throws IOException {
        double[] test = {1, 0.8, 0.9, 0.95, 1};
        for (int i = 0; i < test.length; i++) {
            epoch(1.0 / (i + 1), test[i]);
        }
        assertEquals(
                List.of(
                        "The test loss rose from 0.8 in epoch 2 to 1 in epoch 5 while the training loss fell from 0.5 to 0.2:"
                                + " the model overfits."),
                findings());
        epoch(0.1, 0.81);
        assertEquals(List.of(), findings());
    }
}

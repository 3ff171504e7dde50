package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of files whose content is known. */
class RunJsonTest {
    private static final String SUMMARY = "{\"step\":1,\"index\":0,\"groups\":[[\"a.weight\"],[\"a.bias\"]],\"loss\":2,"
            + "\"loss_after\":1.75,\"g\":[1,2],\"H\":[[2,1],[1,4]],\"order3\":[6,null],\"eta\":[0.5,-1],"
            + "\"learning_rates\":[0.5,0],\"r\":0.75,\"case\":\"cubic\",\"solve_seconds\":0.1}\n";

    @TempDir
    Path directory;

    private JsonNode json() {
        return RunJson.of(new RunFiles(directory.toString()), 1);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String step(int step, double loss) {
        return "{\"kind\":\"step\",\"step\":" + step + ",\"epoch\":1,\"loss\":" + loss
                + ",\"accuracy\":null,\"gradient_norm\":3,\"samples\":10,\"seconds\":{\"total\":1,\"compute\":0.5,"
                + "\"broadcast\":0.125,\"fetch\":0,\"merge\":0,\"scheduling\":0.25,\"solve\":0.125,\"update\":0}}\n";
    }

    @Test
    void stepsEpochsAndSecondsAreThoseOfTheFile() throws IOException {
        write("config.json", "{\"seed\": 1, \"model\": {\"layers\": [2, 3], \"kernel\": null}}");
        write("metrics.jsonl", step(1, 2) + step(2, 1));
        write(
                "metrics.jsonl",
                "{\"kind\":\"epoch\",\"epoch\":1,\"steps\":2,\"train_loss\":1.5,\"train_accuracy\":null,"
                        + "\"test_loss\":1.25,\"test_accuracy\":null,\"no_solution\":0,\"seconds\":3}\n");
        write("metrics-2.jsonl", step(3, 0.123456789) + "{\"kind\":\"step\",\"step\":4,\"lo");
        JsonNode run = json();
        assertEquals(
                "{\"model.layers\":\"[2,3]\",\"seed\":\"1\"}",
                run.get("configuration").toString());
        assertEquals(
                "{\"mean_of\":1,\"step\":[1,2,3],\"loss\":[2,1,0.12346],\"accuracy\":[null,null,null],"
                        + "\"gradient_norm\":[3,3,3]}",
                run.get("steps").toString());
        assertEquals(
                "{\"complete\":false,\"steps\":3,\"epochs\":1,\"test_accuracy\":null,\"test_loss\":1.25,"
                        + "\"train_accuracy\":null,\"train_loss\":1.5,\"no_solution\":0,\"best_test_accuracy\":null,"
                        + "\"summaries\":0,\"seconds\":4}",
                run.get("result").toString());
        assertEquals(
                "{\"compute\":1.5,\"broadcast\":0.375,\"fetch\":0,\"merge\":0,\"scheduling\":0.75,\"solve\":0.375,"
                        + "\"update\":0,\"between_steps\":1}",
                run.get("seconds").get("totals").toString());
        assertEquals("[2]", run.get("epochs").get("steps").toString());
        assertTrue(run.get("matrices").isEmpty() && run.get("subsets").isEmpty());
    }

    @Test
    void summariesGiveRatesPredictionsSpectrumAndMatrices() throws IOException {
        write("metrics.jsonl", step(1, 2));
        write("summaries.jsonl", SUMMARY);
        JsonNode run = json();
        assertEquals(
                "[{\"name\":\"a.weight\",\"kind\":\"weight\",\"tensors\":[\"a.weight\"]},"
                        + "{\"name\":\"a.bias\",\"kind\":\"bias\",\"tensors\":[\"a.bias\"]}]",
                run.get("subsets").toString());
        JsonNode curves = run.get("summaries");
        assertEquals("[[0.5],[-1]]", curves.get("eta").toString());
        assertEquals("[[0.5],[0]]", curves.get("learning_rates").toString());
        // 1 * 0.5 - 2 * 0.25 / 2 = 0.25, and 6 * 0.125 / 6 = 0.125 more; the subset that stays adds nothing.
        assertEquals("[0.25]", curves.get("second_order").toString());
        assertEquals("[0.375]", curves.get("third_order").toString());
        assertEquals("[0.25]", curves.get("measured").toString());
        assertEquals("[\"cubic\"]", curves.get("case").toString());
        JsonNode values = curves.get("spectrum").get("values");
        assertEquals(3 - Math.sqrt(2), values.get(0).get(0).asDouble(), 1e-4);
        assertEquals(3 + Math.sqrt(2), values.get(1).get(0).asDouble(), 1e-4);
        JsonNode matrix = run.get("matrices").get(0);
        assertEquals("[2,1,4]", matrix.get("H").toString());
        assertEquals(4.0 / 7, matrix.get("inverse").get(0).asDouble(), 1e-5);
        assertEquals(-1.0 / 7, matrix.get("inverse").get(1).asDouble(), 1e-5);
        assertEquals(1 / Math.sqrt(8), matrix.get("interactions").get(1).asDouble(), 1e-5);
    }

    @Test
    void aSingularOrBrokenSummaryLeavesHoles() throws IOException {
        write("metrics.jsonl", step(1, 2));
        write("summaries.jsonl", SUMMARY.replace("[[2,1],[1,4]]", "[[1,1],[1,1]]"));
        write(
                "summaries.jsonl",
                SUMMARY.replace("[[2,1],[1,4]]", "[[null,1],[1,4]]").replace("[0.5,-1]", "null"));
        JsonNode run = json();
        assertTrue(run.get("matrices").get(0).get("inverse").isNull());
        assertEquals("[null,1,4]", run.get("matrices").get(1).get("H").toString());
        assertEquals("[[0.5,null],[-1,null]]", run.get("summaries").get("eta").toString());
        assertTrue(
                run.get("summaries").get("spectrum").get("values").get(0).get(1).isNull());
    }

    @Test
    void runsOfOlderVersionsHaveNumberedSubsets() throws IOException {
        write("metrics.jsonl", step(1, 2));
        write(
                "summaries.jsonl",
                SUMMARY.replace("\"groups\":[[\"a.weight\"],[\"a.bias\"]],", "").replace("\"loss_after\":1.75,", ""));
        JsonNode run = json();
        assertEquals(
                "{\"name\":\"subset 2\",\"kind\":\"neither\",\"tensors\":[]}",
                run.get("subsets").get(1).toString());
        assertTrue(run.get("summaries").get("measured").get(0).isNull());
    }

    @Test
    void longRunsAreThinnedOut() throws IOException {
        SyntheticRun.write(directory, 10_000, 20, true);
        JsonNode run = json();
        assertTrue(run.get("result").get("complete").asBoolean());
        assertEquals(10_000, run.get("result").get("steps").asInt());
        assertEquals(1000, run.get("result").get("summaries").asInt());
        JsonNode steps = run.get("steps");
        assertEquals(13, steps.get("mean_of").asInt());
        assertEquals(770, steps.get("step").size());
        assertEquals(10_000, steps.get("step").get(769).asInt());
        double mean = 0;
        for (int step = 14; step <= 26; step++) {
            mean += (2.0 / step + 0.1 * Math.sin(step)) / 13;
        }
        assertEquals(mean, steps.get("loss").get(1).asDouble(), 1e-5);
        JsonNode at = run.get("summaries").get("step");
        assertEquals(400, at.size());
        assertEquals(1, at.get(0).asInt());
        assertEquals(9991, at.get(399).asInt());
        assertEquals(20, run.get("summaries").get("eta").size());
        assertEquals(90_000 / 630, run.get("matrices").size());
        assertEquals(run, json());
    }

    @Test
    void spreadTakesFirstAndLast() {
        assertArrayEquals(new int[] {0, 1, 2}, Thinning.spread(3, 5));
        assertArrayEquals(new int[] {0, 5, 9}, Thinning.spread(10, 3));
        assertArrayEquals(new int[] {9}, Thinning.spread(10, 1));
        assertEquals(1, Thinning.bucket(0, 10));
        assertEquals(2, Thinning.bucket(11, 10));
    }

    @Test
    void whatIsNoRunIsSaid() throws IOException {
        UserError none = assertThrows(UserError.class, this::json);
        assertEquals(directory + ": found no config.json, expected the directory of a run", none.getMessage());
        write("metrics.jsonl", step(1, 2) + "nonsense\n");
        UserError broken = assertThrows(UserError.class, this::json);
        assertTrue(broken.getMessage().startsWith(directory + "/metrics.jsonl, line 2: found"), broken.getMessage());
        assertFalse(broken.getMessage().contains("\n"));
    }

    @Test
    void thePlanIsThatOfTheFileOrNone() throws IOException {
        write("config.json", "{}");
        assertFalse(json().has("plan"));
        write("plan.txt", "plan: 1 shard, 280 steps a job\n");
        assertEquals("1 shard, 280 steps a job", json().get("plan").asText());
    }

    @Test
    void aRunWithoutStepsIsEmpty() throws IOException {
        write("config.json", "{}");
        JsonNode run = json();
        assertEquals(0, run.get("result").get("steps").asInt());
        assertEquals("[]", run.get("steps").get("step").toString());
    }
}

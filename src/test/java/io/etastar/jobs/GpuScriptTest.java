package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code benchmarks/gpu}: the rehearsal on the emulated GPU, and steps that go wrong. */
class GpuScriptTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_PACK = 64;

    /** The larger ones of a rehearsal take minutes. */
    private static final List<String> MODELS = List.of("64-8-10", "lenet");

    @TempDir
    Path directory;

    private Path results;

    private record Run(int exitCode, List<String> lines) {}

    @BeforeEach
    void nameResults() {
        results = directory.resolve("results");
    }

    private Run run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TMPDIR", directory.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said.lines().toList());
    }

    private JsonNode step(int number) throws IOException {
        return JSON.readTree(results.resolve("step-" + number + ".json").toFile());
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(results)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Run rehearse(Map<String, String> environment) throws IOException, InterruptedException {
        String rows = MODELS.stream().map(model -> model + ":2").collect(Collectors.joining(" "));
        return run(environment, "benchmarks/gpu/run.sh", "--rehearse", "--models", rows, "--out", results.toString());
    }

    @Test
    @Tag("cluster")
    void everyStepIsRehearsedFromWhatTravelsAlone() throws IOException, InterruptedException {
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "ETASTAR_EMULATOR",
                Emulator.libraries().toString(),
                "ETASTAR_CLASSPATH",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        Run run = rehearse(environment);
        String said = String.join("\n", run.lines) + "\n" + Files.readString(results.resolve("log.txt"));
        assertEquals(0, run.exitCode, said);
        List<String> packs =
                run.lines.stream().filter(line -> line.startsWith("pack-")).toList();
        assertTrue(packs.size() > 1, said);
        for (String pack : packs) {
            assertTrue(Double.parseDouble(pack.split(" ")[1]) <= LARGEST_PACK, pack);
        }
        List<String> ends =
                run.lines.stream().filter(line -> line.startsWith("step ")).toList();
        assertEquals(
                List.of("step 0 machine: done", "step 1 kernels: done", "step 2 golden: done", "step 3 times: done"),
                ends.subList(0, 4),
                said);
        assertTrue(ends.get(4).startsWith("step 4 torch: needs hardware: "), said);
        assertEquals("step 5 training: done", ends.get(5), said);
        assertEquals(6, ends.size());
        assertEquals(
                List.of(
                        "log.txt",
                        "step-0.json",
                        "step-1.json",
                        "step-2.json",
                        "step-3.json",
                        "step-4.json",
                        "step-5.json"),
                written());
        assertTrue(step(1).at("/results/float/tests").asInt() > 1);
        for (int i = 0; i < 3 * MODELS.size(); i++) {
            JsonNode figure = step(3).get("results").get(i);
            assertEquals(MODELS.get(i % MODELS.size()), figure.get("model").asText());
            assertEquals(
                    i / MODELS.size() == 1 ? "two threads" : "device",
                    figure.get("on").asText());
            assertTrue(
                    i < 2 * MODELS.size()
                            ? figure.get("summary_ms").asDouble() > 0
                            : figure.at("/profile/0/calls").asInt() > 0,
                    figure.toString());
        }
        assertTrue(step(2).at("/results/same_in_second_process").asBoolean());
        assertTrue(step(5).at("/results/test_accuracy").asDouble() >= 0.96);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(results), left.toList(), "what is left over");
        }
    }

    /** A machine to which some packs have not come: a step that fails does not stop the next one. */
    @Test
    void aStepWhoseLibrariesHaveNotComeSaysSo() throws IOException, InterruptedException {
        Run run = steps("echo java >&2", "--limit", "20", "0", "2", "5");
        assertEquals(1, run.exitCode);
        String missing = ": failed: libraries of engine are not there or not whole: a pack is missing";
        assertEquals(List.of("step 2 golden" + missing, "step 5 training" + missing), run.lines.subList(1, 3));
        assertEquals(List.of("log.txt", "step-0.json", "step-2.json", "step-5.json"), written());
        assertEquals("failed", step(5).get("state").asText());
        assertTrue(step(5).get("results").isNull());
    }

    @Test
    void aStepThatTakesTooLongIsEnded() throws IOException, InterruptedException {
        Run run = steps("sleep 60", "--limit", "1", "0");
        assertEquals(1, run.exitCode);
        assertEquals(List.of("step 0 machine: overran: took more than 1 s"), run.lines);
        assertEquals("overran", step(0).get("state").asText());
        assertTrue(step(0).get("seconds").asDouble() < 30);
        assertEquals(List.of("log.txt", "step-0.json"), written());
    }

    /** Runs steps.sh in a directory where Java is a script and nothing else has come. */
    private Run steps(String java, String... arguments) throws IOException, InterruptedException {
        Path script = Files.copy(Path.of("benchmarks/gpu/steps.sh"), directory.resolve("steps.sh"));
        Path program = directory.resolve("jre/bin/java");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/usr/bin/env bash\n" + java + "\n");
        assertTrue(program.toFile().setExecutable(true));
        Stream<String> command = Stream.of(script.toString(), "--out", results.toString());
        Map<String, String> emulated = Map.of("ETASTAR_CUDA", "emulator", "ETASTAR_EMULATOR", directory.toString());
        return run(emulated, Stream.concat(command, Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void whatIsNoOptionIsRefusedInOneLine() throws IOException, InterruptedException {
        assertEquals(
                List.of("error: run.sh: --size: found 'large', expected MiB, a whole number up to 64"),
                run(Map.of(), "benchmarks/gpu/run.sh", "--pack", "x", "--size", "large").lines);
        assertEquals(
                List.of("error: steps.sh: found '9', expected an option that --help lists, or numbers of steps"),
                run(Map.of(), "benchmarks/gpu/steps.sh", "9").lines);
    }
}

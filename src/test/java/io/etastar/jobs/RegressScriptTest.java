package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What benchmarks/regress.sh stores, compares and refuses; scripts that print stand in for what it measures. */
class RegressScriptTest {
    private static final int FIGURES = 10;

    @TempDir
    Path directory;

    private record Run(int exitCode, List<String> lines) {
        List<String> figures() {
            return lines.stream().filter(line -> !line.startsWith("#")).toList();
        }

        String last() {
            return lines.get(lines.size() - 1);
        }
    }

    @BeforeEach
    void standIns() throws IOException {
        write("data-prep/fashion-mnist.sh", "echo somewhere");
        write("jobs/train.sh", "[ $1 = --help ] || [ \"$BREAKS\" != train ] || { echo broken >&2; exit 1; }");
        write("benchmarks/tables.sh", """
                [ "$BREAKS" != tables ] || { echo broken >&2; exit 1; }
                [ "$BREAKS" = line ] || echo "table spam ours_s=1 ms_per_step=0.2"
                echo "table made20k ours_s=1 ms_per_step=0.2"
                """);
        write("benchmarks/common.sh", """
                cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
                build_jobs() { :; }
                run_java() { [ "$BREAKS" != java ] || { echo broken >&2; return 1; }; echo "gradient_ms=$GRADIENT summary_ms=20"; }
                submit_benchmark() { [ "$BREAKS" = transform ] || echo "transform ours_s=0.5 outputs=all"; }
                since() { echo -n 7.5; }
                """);
        Files.copy(Path.of("benchmarks/regress.sh"), directory.resolve("benchmarks/regress.sh"));
    }

    private void write(String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Run run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", directory + "/benchmarks/regress.sh"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        builder.environment().put("GRADIENT", "10");
        builder.environment().put("BREAKS", "nothing");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out.lines().toList());
    }

    private static String machine(String line) {
        return line.split(",")[0];
    }

    @Test
    void whatIsStoredIsWhatLaterRunsAreComparedWith() throws IOException, InterruptedException {
        Run alone = run(Map.of());
        assertEquals(FIGURES + 2, alone.lines.size(), alone.lines.toString());
        assertTrue(alone.last().startsWith("# nothing is stored"), alone.last());
        Run stored = run(Map.of(), "--store");
        assertTrue(stored.last().startsWith("# stored in " + directory + "/cache/etastar/regress-"), stored.last());
        Run same = run(Map.of());
        assertEquals(0, same.exitCode, same.lines.toString());
        assertEquals(machine(same.lines.get(0)).replace("# ", "# against "), machine(same.lines.get(1)));
        assertEquals(FIGURES, same.figures().size());
        assertTrue(same.figures().stream().allMatch(line -> line.endsWith(" ratio=1.00")), same.lines.toString());
        Run slower = run(Map.of("GRADIENT", "12"));
        assertEquals("lenet.gradient_ms 12 ratio=1.20 slower", slower.figures().get(2));
        assertEquals("lenet.summary_ms 20 ratio=1.00", slower.figures().get(3));
        run(Map.of("GRADIENT", "15"), "--store");
        assertEquals(
                "lenet.gradient_ms 12 ratio=0.80 faster",
                run(Map.of("GRADIENT", "12")).figures().get(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "java | broken",
                "tables | broken",
                "line | error: spam.fit_s: found '', expected a number; see above",
                "transform | error: transform_s: found '', expected a number; see above",
                "train | broken"
            })
    void aRunThatBreaksSaysSoAndIsNotStored(String what, String last) throws IOException, InterruptedException {
        assertEquals(0, run(Map.of(), "--store").exitCode);
        Map<String, String> before = JobRun.files(directory.resolve("cache"));
        Run broken = run(Map.of("BREAKS", what), "--store");
        assertEquals(1, broken.exitCode, broken.lines.toString());
        assertEquals(last, broken.last());
        assertEquals(before, JobRun.files(directory.resolve("cache")));
    }

    @Test
    void mistakesAreSaidBeforeAnythingIsMeasured() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Run nowhere = run(Map.of("XDG_CACHE_HOME", file.toString()), "--store");
        assertEquals(2, nowhere.exitCode);
        assertEquals(
                List.of("error: --store: found no directory " + file
                        + "/etastar to write to, expected one; XDG_CACHE_HOME names another"),
                nowhere.lines);
        assertEquals(
                List.of("error: regress.sh: found '--sotre', expected --store or --data"),
                run(Map.of(), "--sotre").lines);
    }
}

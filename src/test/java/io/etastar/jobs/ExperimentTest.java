package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentTest {
    @TempDir
    Path directory;

    /** The result lines of a run without Spark, the time taken off. */
    private static List<String> lines(String... args) {
        List<String> printed = printed(args);
        printed.forEach(line -> assertTrue(line.matches("experiment .* seconds=[0-9]+\\.[0-9]"), line));
        return printed.stream()
                .map(line -> line.replaceFirst(" seconds=.*", ""))
                .toList();
    }

    private static List<String> printed(String... args) {
        JobRun run = JobRun.of(Experiment::run, args);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(0, run.contexts());
        return run.out().lines().toList();
    }

    private static Map<String, Double> meanLosses(List<String> lines) {
        Map<String, Double> losses = new TreeMap<>();
        for (String line : lines) {
            Map<String, String> fields = List.of(line.split(" ")).stream()
                    .filter(field -> field.contains("="))
                    .collect(Collectors.toMap(field -> field.split("=")[0], field -> field.split("=")[1]));
            losses.put(fields.get("optimizer"), Double.parseDouble(fields.get("mean_loss")));
        }
        return losses;
    }

    @Test
    void rosenbrockGivesThePublishedFigures() {
        List<String> lines = lines("rosenbrock");
        assertTrue(lines.get(0).startsWith("experiment rosenbrock optimizer=adam mean_loss="), lines.get(0));
        assertTrue(lines.get(0).endsWith(" seeds=8"), lines.get(0));
        Map<String, Double> losses = meanLosses(lines);
        assertEquals(5.353e-5, losses.get("adam"), 1e-8);
        assertEquals(7.913e-4, losses.get("yogi"), 1e-7);
        assertEquals(1.05e-3, losses.get("lodo"), 1e-4);
    }

    @Test
    void theNoisyBowlShortenedSaysSoAndIsTheSameAgain() {
        String[] args = {"noisy-bowl", "--scale", "0.01", "--seeds", "2"};
        List<String> lines = lines(args);
        assertEquals(lines, lines(args));
        assertEquals(10, lines.size());
        for (String line : lines) {
            String learned = line.contains("=lodo")
                    ? "hessian_error=[0-9.]+ hessian_error_sd=\\S+ frozen_loss=\\S+ frozen_loss_sd=\\S+ "
                    : "";
            String loss = line.contains("=bfgs") ? "\\S+" : "[0-9.]+";
            assertTrue(
                    line.matches("experiment noisy-bowl optimizer=[a-z-]+ mean_loss=" + loss + " mean_loss_sd=" + loss
                            + " " + learned + "scale=0\\.01 seeds=2"),
                    line);
        }
        Map<String, Double> losses = meanLosses(lines);
        assertEquals(7.41, losses.get("newton"), 0.6);
        assertEquals(16.6, losses.get("momentum"), 2);
        assertTrue(JobRun.of(Experiment::run, args).err().contains("cut to scale 0.01"));
    }

    @Test
    void optimizersAndKeysArePickedAndLossesWritten() throws IOException {
        Path output = directory.resolve("out");
        String[] args = {"rosenbrock", "--optimizer", "lodo", "--optimizer", "adam", "--seeds", "1", "--set", "steps=20"
        };
        List<String> lines = lines(args);
        assertEquals(List.of("adam", "lodo"), List.copyOf(meanLosses(lines).keySet()));
        assertTrue(lines.get(1).contains(" optimizer=lodo "));
        String[] written = Arrays.copyOf(args, args.length + 2);
        written[args.length] = "--output";
        written[args.length + 1] = output.toString();
        assertEquals(lines, lines(written));
        List<String> losses = Files.readAllLines(output.resolve("adam-1.csv"));
        assertEquals("step,loss", losses.get(0));
        assertEquals("0,3.085", losses.get(1));
        assertEquals(21, losses.size());
        assertTrue(Files.exists(output.resolve("lodo-1.csv")));
        assertFalse(Files.exists(output.resolve("yogi-1.csv")));
        assertEquals(
                "--output: found files in " + output + ", expected a new directory",
                JobRun.error(Experiment::run, written));
    }

    @Test
    void runsAreKeptAndDrawnWithoutBeingMadeAgain() throws IOException {
        Path results = directory.resolve("results");
        Path figures = directory.resolve("figures");
        String[] args = {
            "rosenbrock", "--optimizer", "adam", "--optimizer", "lodo", "--seeds", "2", "--results", results.toString()
        };
        List<String> lines = printed(args);
        Path file = results.resolve("rosenbrock.json");
        // To the seconds: nothing is run.
        Files.writeString(file, Files.readString(file).replaceAll("\"seconds\":[0-9.]+", "\"seconds\":50"));
        String[] drawn = Arrays.copyOf(args, args.length + 2);
        drawn[args.length] = "--figures";
        drawn[args.length + 1] = figures.toString();
        List<String> again = printed(drawn);
        assertEquals(
                lines.stream()
                        .map(line -> line.replaceFirst("seconds=.*", "seconds=100.0"))
                        .toList(),
                again);
        for (String chart : List.of("loss", "path")) {
            assertNotNull(
                    ImageIO.read(figures.resolve("rosenbrock-" + chart + ".png").toFile()));
        }
        assertFalse(Files.exists(figures.resolve("rosenbrock-noise.png")));
        // Other keys are another run, and so is one that is asked for.
        String[] other = Arrays.copyOf(args, args.length + 2);
        other[args.length] = "--set";
        other[args.length + 1] = "optimizers.adam.lr=0.5";
        List<String> changed = printed(other);
        assertFalse(changed.get(0).contains("seconds=100"), changed.get(0));
        assertEquals(again.get(1), changed.get(1));
        String[] anew = Arrays.copyOf(args, args.length + 1);
        anew[args.length] = "--again";
        assertFalse(printed(anew).toString().contains("seconds=100"));
        Files.writeString(file, "{}");
        assertEquals(
                file + ": found no list of runs, expected an experiment's runs", JobRun.error(Experiment::run, args));
    }

    @Test
    void anOptimizersOrderIsTheFiles() throws IOException {
        Path file = directory.resolve("own.conf");
        Files.writeString(file, """
                kind = rosenbrock
                steps = 10
                optimizers {
                  zeta { name = sgd, lr = 0.01 }
                  alpha { name = sgd, lr = 0.02 }
                  middle { name = sgd, lr = 10 }
                }
                """);
        List<String> lines = lines(file.toString(), "--set", "optimizers.added={name=sgd,lr=0.01}");
        assertEquals(
                List.of("zeta", "alpha", "middle", "added"),
                lines.stream()
                        .map(line -> line.replaceFirst(".*optimizer=(\\w+) .*", "$1"))
                        .toList());
        assertEquals("experiment own optimizer=middle mean_loss=Infinity seeds=1", lines.get(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seeds 1 | command line: found no NAME, expected jobs/experiment.sh NAME [options], NAME one of ",
                "rosenbroc | experiment: found 'rosenbroc', expected ",
                "none.conf | none.conf: found nothing, expected a configuration file",
                "rosenbrock --scale 0 | --scale: found '0', expected a number above 0 and at most 1",
                "rosenbrock --scale 1.5 | --scale: found '1.5', expected a number above 0 and at most 1",
                "rosenbrock --scale x | --scale: found 'x', expected a number above 0 and at most 1",
                "rosenbrock --seeds 0 | --seeds: found '0', expected a whole number from 1",
                "rosenbrock --optimizer sgdd | --optimizer: found 'sgdd', expected one of adam, rmsprop, momentum,",
                "rosenbrock --set stepz=3 | --set stepz=3: unknown key 'stepz': found 3, expected a known key;"
                        + " the nearest is 'steps'",
                "rosenbrock --set kind=bowl | --set kind=bowl: key 'kind': found \"bowl\", expected one of rosenbrock,",
                "rosenbrock --set sigma=1 | --set sigma=1: key 'sigma': found 1, expected no such key: kind rosenbrock"
                        + " does not use it",
                "rosenbrock --set optimizers.adam.learning=1 | --set optimizers.adam.learning=1: unknown key"
                        + " 'optimizer.learning'",
                "rosenbrock --set optimizers.adam=3 | --set optimizers.adam=3: key 'optimizers.adam': found 3,"
                        + " expected a block of keys",
                "rosenbrock --set optimizers.new={name=sgd} | conf/experiments/rosenbrock.conf: key"
                        + " 'optimizers.new.lr': found nothing, expected number > 0: optimizer sgd needs it",
                "rosenbrock --set optimizers.new={reference=newton} | --set optimizers.new={reference=newton}: key"
                        + " 'optimizers.new.reference': found \"newton\", expected none with kind rosenbrock",
                "rosenbrock --set optimizers.lodo.lodo.layers=0 | --set optimizers.lodo.lodo.layers=0: key"
                        + " 'optimizer.lodo.layers': found 0, expected int >= 1",
            })
    void mistakesAreOneLine(String args, String expected) {
        String error = JobRun.error(Experiment::run, args.split(" "));
        assertTrue(error.startsWith(expected.strip()), error);
    }

    @Test
    void aFileWithoutKindStepsOrOptimizersIsRefused() throws IOException {
        Path file = directory.resolve("own.conf");
        Files.writeString(file, "steps = 3\n");
        assertEquals(
                file + ": key 'kind': found nothing, expected one of rosenbrock, noisy-bowl",
                JobRun.error(Experiment::run, file.toString()).replaceFirst("noisy-bowl.*", "noisy-bowl"));
        Files.writeString(file, "kind = rosenbrock, steps = 3\n");
        assertTrue(JobRun.error(Experiment::run, file.toString()).contains("key 'optimizers': found nothing"));
        Files.writeString(file, "kind = rosenbrock\noptimizers { a { name = sgd, lr = 1 } }\n");
        assertEquals(
                file + ": key 'steps': found nothing, expected int >= 1: kind rosenbrock needs it",
                JobRun.error(Experiment::run, file.toString()));
    }
}

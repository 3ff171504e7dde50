package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.storage.ModelDirectory;
import io.etastar.table.TableEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on CSV files whose columns are numbers, texts, dates and gaps. */
class TableJobTest {
    private static final String HEADER = "age,job,city,member,since,score,label";
    private static final String[] JOBS = {"clerk", "nurse", "smith"};

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (int i = 0; i < 300; i++) {
            lines.add(row(i, JOBS[i % 3], "town" + i * 7 % 20));
        }
        Files.write(directory.resolve("train.csv"), lines);
        Files.write(
                directory.resolve("job.conf"),
                List.of(
                        "data { source = csv, path = \"" + directory.resolve("train.csv") + "\", test_share = 0.2 }",
                        "training.epochs = 40"));
    }

    /** The label is told by the job and the member's city. */
    private static String row(int i, String job, String city) {
        int label = (job.equals("nurse") ? 1 : 0) ^ (city.hashCode() & 1);
        String score = i % 10 == 3 ? "" : "" + i % 13;
        return (20 + i % 50) + "," + job + "," + city + "," + (i % 2 == 0) + ",2024-0" + (1 + i % 7) + "-15," + score
                + "," + label;
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private void train() {
        JobRun run = JobRun.good(Train::run, at("job.conf"), "--output", at("run"));
        assertTrue(run.figure("test_accuracy") > 0.9, run.out());
    }

    private JobRun evaluate(List<String> lines) throws IOException {
        Files.write(directory.resolve("other.csv"), lines);
        return JobRun.of(
                Evaluate::run,
                "--model",
                at("run"),
                at("job.conf"),
                "--set",
                "data.test_path=" + at("other.csv"),
                "--set",
                "data.test_share=null");
    }

    @Test
    @Tag("rough")
    void columnsOfAllKindsAreFoundByNameInEvaluation() throws IOException {
        train();
        TableEncoding table = ModelDirectory.read(at("run")).table();
        assertEquals(List.of("age", "job", "city", "member", "since", "score"), table.names());
        List<String> lines = new ArrayList<>(List.of("label,extra,score,since,city,job,member,age"));
        for (int i = 0; i < 60; i++) {
            String[] cells = row(i, JOBS[i % 3], "town" + i * 7 % 20).split(",");
            lines.add(String.join(",", cells[6], "9", cells[5], cells[4], cells[2], cells[1], cells[3], cells[0]));
        }
        JobRun other = evaluate(lines);
        assertEquals(0, other.exitCode(), other.err());
        assertTrue(other.figure("test_accuracy") > 0.9, other.out());
        JobRun again = JobRun.good(Evaluate::run, "--model", at("run"), "--importance");
        assertTrue(again.figure("test_accuracy") > 0.9, again.out());
        assertTrue(again.figure("test_ece") < 0.2, again.out());
        List<String> columns = again.out()
                .lines()
                .filter(line -> line.startsWith("importance "))
                .map(line -> line.split("'")[1])
                .toList();
        assertEquals(6, columns.size());
        assertEquals(java.util.Set.of("city", "job"), java.util.Set.copyOf(columns.subList(0, 2)), again.out());

        JobRun pairs = JobRun.good(Evaluate::run, "--model", at("run"), "--interactions");
        List<String> interactions = pairs.out()
                .lines()
                .filter(line -> line.startsWith("interaction "))
                .toList();
        assertEquals(15, interactions.size(), pairs.out());
        assertTrue(
                interactions.subList(0, 2).stream()
                        .anyMatch(line -> line.startsWith("interaction columns='job','city' value=-")),
                pairs.out());

        lines.set(0, "label,extra,score,since,town,job,member,age");
        assertEquals(
                "error: column 'city': found none of that name, expected one of 'label', 'extra', 'score', 'since',"
                        + " 'town', 'job', 'member', 'age'\n",
                evaluate(lines).err());
    }

    @Test
    void unknownCategoriesAndGapsAreEvaluated() throws IOException {
        train();
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (int i = 0; i < 20; i++) {
            lines.add(row(i, i % 4 == 0 ? "pilot" : JOBS[i % 3], i % 5 == 0 ? "" : "town" + i * 7 % 20));
        }
        lines.add(",,,,,,1");
        JobRun run = evaluate(lines);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.figure("test_loss") > 0, run.out());
    }

    @Test
    void aFileOfOneRowHasTheTypesOfTheTrainingRows() throws IOException {
        train();
        // Nothing in it tells that score is a number and since a date, or that town 7 is a text.
        JobRun run = evaluate(List.of(HEADER, "20,clerk,7,,,,1"));
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                "error: DIR/other.csv: column 'age', row 1: found 'old', expected a number as in the training rows, or a mark of"
                        + " data.csv.missing\n",
                evaluate(List.of(HEADER, "old,clerk,7,,,,1")).err().replace(directory.toString(), "DIR"));
    }

    @Test
    void leadingZerosOfChosenCategoriesStay() throws IOException {
        List<String> lines = new ArrayList<>(List.of("code,label"));
        for (int i = 0; i < 200; i++) {
            lines.add((i % 2 == 0 ? "01" : "1") + "," + i % 2);
        }
        Files.write(directory.resolve("train.csv"), lines);
        JobRun run =
                JobRun.good(Train::run, at("job.conf"), "--output", at("codes"), "--set", "data.categories=[code]");
        assertEquals(1, run.figure("test_accuracy"), run.out());
    }

    @Test
    void aRunIsResumedWithTheModelThatItFound() throws IOException {
        JobRun.good(Train::run, at("job.conf"), "--output", at("whole"));
        JobRun.good(Train::run, at("job.conf"), "--output", at("run"), "--set", "training.max_steps=20");
        assertEquals(
                JobRun.files(directory.resolve("whole/model")).keySet(),
                JobRun.files(directory.resolve("run/model")).keySet());
        String config = Files.readString(directory.resolve("run/config.json"));
        assertTrue(config.contains("\"layers\""), config);
    }

    @Test
    void targetsOfAnyScaleAreLearnt() throws IOException {
        List<String> lines = new ArrayList<>(List.of("width,kind,price"));
        for (int i = 0; i < 300; i++) {
            lines.add(
                    i % 17 + "," + (i % 2 == 0 ? "old" : "new") + "," + (1_000_000 + 50_000 * (i % 17) * (1 + i % 2)));
        }
        Files.write(directory.resolve("train.csv"), lines);
        JobRun run = JobRun.good(
                Train::run,
                at("job.conf"),
                "--output",
                at("prices"),
                "--set",
                "data.label=price",
                "--set",
                "model.loss=mse",
                "--set",
                "training.epochs=20");
        assertTrue(run.figure("test_loss") < 2e9, "variance is 2e11: " + run.out());
        JobRun again = JobRun.good(Evaluate::run, "--model", at("prices"));
        assertEquals(run.figure("test_loss"), again.figure("test_loss"), 1e-3 * run.figure("test_loss"));
    }
}

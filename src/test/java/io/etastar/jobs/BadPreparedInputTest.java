package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in what is to be prepared, or in what has been: one line, exit code 2, nothing half-written. */
class BadPreparedInputTest {
    @TempDir
    Path directory;

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private String shown(String message) {
        return message.replace("file:" + directory + "/", "").replace(directory + "/", "");
    }

    /** No mistake leaves anything but what a test wrote. */
    @AfterEach
    void nothingIsHalfWritten() throws IOException {
        assertTrue(Files.notExists(directory.resolve("out")), "output");
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().startsWith("."))
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arff x | command line: found 'arff', expected FORMAT to be one of digits, idx,",
                "idx | command line: found no PATH for idx, expected one",
                "digits x | command line: found a PATH for digits, expected none: it is embedded",
                "idx x --label y | command line: --label: found it for idx, expected it for formats with columns alone",
                "digits --split 0.5,0.2,0.2 | command line: --split: found '0.5,0.2,0.2', expected given, or three shares that"
                        + " add up to 1",
                "digits --split 0.5,0.5 | command line: --split: found '0.5,0.5', expected given, or three shares",
                "digits --split 1.5,-0.5,0 | command line: --split: found '1.5,-0.5,0', expected given, or three shares",
                "digits --split half | command line: --split: found 'half', expected given, or three shares",
                "digits --validation 1 | command line: --validation: found '1', expected a share above 0 and below 1",
                "digits --split 0.5,0.5,0 --validation 0.1 | command line: --validation: found '0.1', expected none with shares",
                "digits --classes 3 | command line: --classes: found 3, expected 10, those of digits (embedded), train",
                "digits --rows-per-file 0 | command line: --rows-per-file: found '0', expected a whole number from 1",
                "csv x --shape 3x3 | command line: --shape: found '3x3', expected sides separated by commas",
                "idx nowhere | nowhere: no such directory; expected IDX files in it",
                "cifar10 nowhere | nowhere: no such directory; expected [data_batch_1.bin,",
                "npz nowhere | nowhere: no such file; expected an .npz file",
                "images nowhere | nowhere: no such directory; expected a folder of images for each class in it"
            })
    void beforeSparkStarts(String words, String expected) {
        List<String> args = new ArrayList<>(Arrays.asList(words.strip().split(" ")));
        args.replaceAll(word -> word.equals("nowhere") ? at(word) : word);
        args.addAll(List.of("--output", at("out")));
        String error = shown(JobRun.error(PrepareData::run, args.toArray(String[]::new)));
        assertTrue(error.startsWith(expected.strip()), error);
    }

    @Test
    void anOutputThatExistsOrIsMissing() throws IOException {
        Files.createDirectory(directory.resolve("there"));
        String error = JobRun.error(PrepareData::run, "digits", "--output", at("there"));
        assertEquals("output there: found something there, expected a new directory", shown(error));
        error = JobRun.error(PrepareData::run, "digits");
        assertEquals("command line: --output: found nothing, expected a new directory", error);
    }

    /** What Spark must read to see that it is wrong. */
    private String frameError(String format, String content, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("rows." + format), content);
        List<String> args = new ArrayList<>(List.of(format, file.toString(), "--output", at("out")));
        args.addAll(List.of(more));
        JobRun run = JobRun.of(PrepareData::run, args.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
        return shown(run.err().strip());
    }

    @Test
    void rowsOfFramesThatAreWrong() throws IOException {
        assertEquals(
                "error: column 'label': found none of that name, expected one of 'a', 'b'",
                frameError("csv", "a,b\n1,2\n"));
        assertEquals(
                "error: column 'c': found none of that name, expected one of 'a', 'label'",
                frameError("csv", "a,label\n1,2\n", "--features", "c"));
        assertEquals(
                "error: column 'a': found string, expected vectors, arrays of numbers, bytes, images or numbers",
                frameError("csv", "a,label\nx,2\n", "--features", "a"));
        assertEquals(
                "error: data.features: found no column of numbers, expected some of 'a', 'label'",
                frameError("csv", "a,label\nx,2\n"));
        assertEquals(
                "error: column 'a': found null, expected a value in every row (na.drop() leaves such rows out)",
                frameError("csv", "a,label\n1,0\n,1\n"));
        assertEquals(
                "error: column 'label': found 1 value: '0.5', expected at least two classes; numbers as targets are for"
                        + " NeuralNetworkRegressor, or model.loss = mse",
                frameError("csv", "a,label\n1,0.5\n"));
        assertEquals(
                "error: column 'label': found 1 value: '3', expected 3, one for each class, or class indices 0 to 2",
                frameError("csv", "a,label\n1,3\n", "--classes", "3"));
        assertEquals(
                "error: column 'label': found null, expected a value in every row (na.drop() leaves such rows out)",
                frameError("csv", "a,label\n1,x\n2,\n"));
        assertEquals("error: rows.csv: found no rows, expected at least one", frameError("csv", "a,label\n"));
        String ragged = frameError("csv", "a,b,label\n1,2,0\n1,0\n");
        assertTrue(ragged.startsWith("error: " + "rows.csv: found no readable csv data: "), ragged);
        String libsvm = frameError("libsvm", "0 1:1\n1 nonsense\n");
        assertTrue(libsvm.startsWith("error: rows.libsvm: found no readable libsvm data: "), libsvm);
        String parquet = frameError("parquet", "not parquet at all");
        assertTrue(parquet.startsWith("error: rows.parquet: found no readable parquet data: "), parquet);
    }

    @Test
    void filesThatSparkDoesNotFind() {
        JobRun run = JobRun.of(PrepareData::run, "csv", at("nowhere.csv"), "--output", at("out"));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(
                shown(run.err()).startsWith("error: nowhere.csv: found nothing there, expected a CSV file"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source=csv | key 'data.path': found nothing, expected a CSV file with a header or a directory of them:"
                        + " data.source csv needs it",
                "source=cifar10 | key 'data.path': found nothing, expected a directory of data_batch_1.bin and so on:",
                "source=csv path=x | key 'data.test_path': found nothing, expected a path, or data.test_share:",
                "source=csv path=x test_path=y test_share=0.1 | key 'data.test_share': found 0.1, expected no such key:",
                "source=csv path=x test_path=y class_weights=[1] | key 'data.class_weights': found [1], expected no such key:",
                "label=y | key 'data.label': found \"y\", expected no such key: data.source digits has no columns",
                "features=[] | key 'data.features': found [], expected string or list of strings",
                "test_part=validation | key 'data.test_part': found \"validation\", expected test:",
                "verify=true | key 'data.verify': found true, expected false: data.source digits has no checksums",
                "source=arff | key 'data.source': found \"arff\", expected one of digits, idx, images, cifar10,",
                "path=x | key 'data.path': found \"x\", expected no such key: data.source digits is embedded"
            })
    void keysThatDoNotGoTogether(String sets, String expected) throws IOException {
        List<String> args = new ArrayList<>(List.of(JobRun.digits(directory), "--output", at("run")));
        Arrays.stream(sets.strip().split(" ")).forEach(set -> args.addAll(List.of("--set", "data." + set)));
        String error = JobRun.error(Train::run, args.toArray(String[]::new));
        assertTrue(error.contains(expected.strip()), error);
    }

    @Test
    void wrongColumnsEndATrainingRunBeforeItsDirectoryIsMade() throws IOException {
        String conf = JobRun.digits(directory);
        for (String[] wrong : new String[][] {
            {"a,label\n1,0\n2,1\n", "model.layers': found [64,24,10], expected 1 units in the first layer"},
            {"a,label\n1,0\n2,\n", "column 'label': found null, expected a value in every row"},
            {"a,label\n1,0\n2,10\n", "column 'label': found 10, expected class indices 0 to 9"},
            {"a,b,label\n1,2,0\n2,1\n", "rows.csv: found no readable csv data: "}
        }) {
            Files.writeString(directory.resolve("rows.csv"), wrong[0]);
            JobRun run = JobRun.of(
                    Train::run,
                    conf,
                    "--output",
                    at("run"),
                    "--set",
                    "data.source=csv",
                    "--set",
                    "data.path=" + at("rows.csv"),
                    "--set",
                    "data.test_share=0.5");
            assertEquals(2, run.exitCode(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains(wrong[1]), run.err());
            assertTrue(Files.notExists(directory.resolve("run")), "run");
        }
    }

    /** The error of a training run on prepared digits after a change to their files. */
    private String trainError(String... sets) throws IOException {
        List<String> args = new ArrayList<>(List.of(JobRun.digits(directory), "--output", at("run")));
        for (String set : sets) {
            args.addAll(List.of("--set", set));
        }
        args.addAll(List.of("--set", "data.source=prepared", "--set", "data.path=" + at("digits")));
        String error = JobRun.error(Train::run, args.toArray(String[]::new));
        assertTrue(Files.notExists(directory.resolve("run")), "run");
        return shown(error);
    }

    @Test
    void preparedDataThatWereChanged() throws IOException {
        assertEquals("digits: no such directory; expected one that jobs/prepare-data.sh has written", trainError());
        JobRun.good(PrepareData::run, "digits", "--output", at("digits"));
        assertEquals(
                "digits: found no rows for validation, but [train, test]; expected them, or another split"
                        + " (jobs/prepare-data.sh --split, or data.test_share)",
                trainError("data.test_part=validation"));
        Path manifest = directory.resolve("digits/manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replaceFirst("\"version\" : 1", "\"version\" : 2"));
        assertEquals("digits/manifest.json: found version 2, expected 1: prepare the data anew", trainError());
        Files.writeString(manifest, json.substring(0, 400));
        assertTrue(trainError().startsWith("digits/manifest.json: found no manifest ("), trainError());
        Files.writeString(manifest, json.replaceFirst("\"rows\" : 1500", "\"rows\" : 1499"));
        assertEquals(
                "digits/manifest.json: part train: found 1499 rows, and 1500 in its files, expected a part of [train,"
                        + " validation, test] with the same number, at least one",
                trainError());
        Files.delete(manifest);
        assertEquals(
                "digits/manifest.json: no such file; expected one that jobs/prepare-data.sh has written", trainError());
        Files.writeString(manifest, json);
        damagedFiles();
    }

    private void damagedFiles() throws IOException {
        Path file = directory.resolve("digits/train-00000.parquet");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                "digits/train-00000.parquet: found " + (whole.length - 1) + " bytes, expected " + whole.length
                        + " as in manifest.json",
                trainError());
        byte[] altered = whole.clone();
        altered[2000] ^= 1;
        Files.write(file, altered);
        String error = trainError("data.verify=true");
        assertTrue(
                error.matches("digits/train-00000.parquet: found SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64} as in.*"),
                error);
        assertEquals(error, shown(JobRun.error(PrepareData::run, "--verify", at("digits"))));
        // Without a look at the sums it is the task reading the page that finds it.
        JobRun run = JobRun.of(
                Train::run,
                JobRun.digits(directory),
                "--output",
                at("begun"),
                "--set",
                "data.source=prepared",
                "--set",
                "data.path=" + at("digits"));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(shown(run.err()).contains("error: digits/train-00000.parquet: cannot be read: "), run.err());
        Files.delete(file);
        assertEquals("digits/train-00000.parquet: no such file; expected it, for manifest.json lists it", trainError());
    }
}

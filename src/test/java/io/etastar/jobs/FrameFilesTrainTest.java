package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.prepared.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training directly on files that Spark reads, and the same prepared. */
class FrameFilesTrainTest {
    @TempDir
    Path directory;

    private String conf;

    /** The digits as CSV and LibSVM files. */
    @BeforeEach
    void digits() throws IOException {
        conf = JobRun.digits(directory, "data.partitions = 3", "training.epochs = 2");
        for (boolean train : new boolean[] {true, false}) {
            DigitsSource source = train ? DigitsSource.train(1) : DigitsSource.test(1);
            Shard all = source.read(0, source.rows());
            StringBuilder header = new StringBuilder();
            for (int j = 0; j < 64; j++) {
                header.append("pixel").append(j).append(',');
            }
            List<String> csv = new ArrayList<>(List.of(header + "label"));
            List<String> libsvm = new ArrayList<>();
            for (int i = 0; i < all.rows(); i++) {
                StringBuilder row = new StringBuilder();
                StringBuilder sparse =
                        new StringBuilder().append((int) all.targets().get(i));
                for (int j = 0; j < 64; j++) {
                    int value = (int) all.features().get(i * 64 + j);
                    row.append(value).append(',');
                    if (value != 0) {
                        sparse.append(' ').append(j + 1).append(':').append(value);
                    }
                }
                csv.add(row.append((int) all.targets().get(i)).toString());
                libsvm.add(sparse.toString());
            }
            Files.write(directory.resolve(train ? "train.csv" : "test.csv"), csv);
            Files.write(directory.resolve(train ? "train.libsvm" : "test.libsvm"), libsvm);
        }
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private void train(String format, String output, String... more) {
        List<String> args = new ArrayList<>(List.of(
                conf,
                "--output",
                at(output),
                "--set",
                "data.source=" + format,
                "--set",
                "data.path=" + at("train." + format),
                "--set",
                "data.test_path=" + at("test." + format)));
        args.addAll(List.of(more));
        JobRun.good(Train::run, args.toArray(String[]::new));
    }

    @Test
    void formatsAndCoresGiveTheSameBytes() throws IOException {
        train("csv", "csv");
        train("csv", "one-core", "--master", "local[1]", "--set", "data.features=\"pixel*\"");
        train("libsvm", "libsvm");
        assertEquals(JobRun.files(directory.resolve("csv/model")), JobRun.files(directory.resolve("one-core/model")));
        JobRun sparse = JobRun.good(Evaluate::run, "--model", at("libsvm"));
        assertTrue(sparse.figure("test_accuracy") > 0.5, sparse.out());
        JobRun evaluated = JobRun.good(Evaluate::run, "--model", at("csv"));
        assertTrue(evaluated.figure("test_accuracy") > 0.5, evaluated.out());
    }

    @Test
    void libsvmTestRowsAreAsWideAsTrainingRows() throws IOException {
        // No index above 3, so that the file by itself is of three features.
        Files.writeString(directory.resolve("test.libsvm"), "0 1:1 3:2\n1 2:1\n");
        train("libsvm", "libsvm", "--set", "training.epochs=1");
        JobRun.good(
                PrepareData::run,
                "libsvm",
                at("train.libsvm"),
                "--test-path",
                at("test.libsvm"),
                "--output",
                at("out"));
        assertEquals(2, ManifestFile.read(at("out")).part("test").rows());
    }

    @Test
    void aShareOfTheRowsIsTheTestSetAndParquetOfPreparedRowsIsRead() {
        JobRun.good(
                PrepareData::run, "csv", at("train.csv"), "--test-path", at("test.csv"), "--output", at("prepared"));
        JobRun run = JobRun.good(
                Train::run,
                conf,
                "--output",
                at("run"),
                "--set",
                "data.source=parquet",
                "--set",
                "data.path=" + at("prepared/train-00000.parquet"),
                "--set",
                "data.test_share=0.2");
        // 1200 rows in batches of 100, twice.
        assertEquals(24, run.figure("steps"));
        assertTrue(run.figure("test_accuracy") > 0.5, run.out());
    }
}

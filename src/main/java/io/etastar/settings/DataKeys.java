package io.etastar.settings;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which keys of block data go with which source. */
final class DataKeys {
    private static final Map<String, String> PATHS = Map.of(
            "idx", "a directory of IDX files",
            "images", "a directory with train/CLASS/*.jpg",
            "cifar10", "a directory of data_batch_1.bin and so on",
            "cifar100", "a directory of train.bin and test.bin",
            "cifar100-coarse", "a directory of train.bin and test.bin",
            "npz", "an .npz file",
            "prepared", "a directory that jobs/prepare-data.sh has written",
            "parquet", "a Parquet file or a directory of them",
            "csv", "a CSV file with a header or a directory of them",
            "libsvm", "a LibSVM file or a directory of them");
    private static final Set<String> FRAMES = Set.of("parquet", "csv", "libsvm");
    private static final List<String> FRAME_KEYS =
            List.of("data.features", "data.label", "data.weight", "data.shape", "data.test_path");

    /** Keys of block data that say where the training and the test rows of one data set are. */
    static final Set<String> OF_ONE_SET =
            Set.of("data.path", "data.files", "data.test_share", "data.test_part", "data.test_path", "data.verify");

    private DataKeys() {}

    /** Checks the data set of summaries, if there is one. */
    static void checkSummaries(Configuration job) {
        SummarySettings.Data data = job.summary().data();
        String source = data.source() == null ? job.data().files().source() : data.source();
        if (data.path() == null && (data.source() != null || data.files() != null)) {
            throw job.mistake("summary.data.path", PATHS.get(source) + ": summary.data names a data set of its own");
        }
        if (data.path() == null) {
            return;
        }
        if (!PATHS.containsKey(source)) {
            throw job.mistake(
                    "summary.data.source", "the format of summary.data.path: data.source " + source + " is embedded");
        }
        if (data.files() != null && !source.equals("idx")) {
            throw job.mistake("summary.data.files", "no such key: a data set " + source + " has no such files");
        }
        if (!job.summary().rows().equals("drawn")) {
            throw job.mistake("summary.rows", "drawn: summary.data holds the rows of summaries");
        }
    }

    static void check(Configuration job, String source) {
        if (PATHS.containsKey(source) && job.value("data.path") == null) {
            throw job.mistake("data.path", PATHS.get(source) + ": data.source " + source + " needs it");
        }
        if (!PATHS.containsKey(source) && job.value("data.path") != null) {
            throw job.mistake("data.path", "no such key: data.source " + source + " is embedded");
        }
        if (!source.equals("prepared") && job.value("data.test_part").equals("validation")) {
            throw job.mistake("data.test_part", "test: data.source " + source + " has no validation rows");
        }
        if (!source.equals("prepared") && job.value("data.verify").equals(true)) {
            throw job.mistake("data.verify", "false: data.source " + source + " has no checksums");
        }
        if (FRAMES.contains(source)) {
            frames(job, source);
            return;
        }
        for (String key : FRAME_KEYS) {
            if (job.value(key) != null) {
                throw job.mistake(key, "no such key: data.source " + source + " has no columns");
            }
        }
    }

    private static void frames(Configuration job, String source) {
        boolean file = job.value("data.test_path") != null;
        boolean share = job.value("data.test_share") != null;
        if (!file && !share) {
            throw job.mistake(
                    "data.test_path",
                    "a path, or data.test_share: data.source " + source + " has no test rows by itself");
        }
        if (file && share) {
            throw job.mistake("data.test_share", "no such key: data.test_path holds the test rows");
        }
        if (job.value("data.class_weights") != null) {
            throw job.mistake("data.class_weights", "no such key: data.weight names a column of weights");
        }
        if (job.value("data.label") != null && job.value("data.targets").equals("features")) {
            throw job.mistake("data.label", "no such key: data.targets features takes no labels");
        }
    }
}

package io.etastar.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which keys of block data go with which source. */
final class DataKeys {
    private static final Map<String, String> PATHS = Map.ofEntries(
            Map.entry("idx", "a directory of IDX files"),
            Map.entry("images", "a directory with train/CLASS/*.jpg"),
            Map.entry("cifar10", "a directory of data_batch_1.bin and so on"),
            Map.entry("cifar100", "a directory of train.bin and test.bin"),
            Map.entry("cifar100-coarse", "a directory of train.bin and test.bin"),
            Map.entry("npz", "an .npz file"),
            Map.entry("prepared", "a directory that jobs/prepare-data.sh has written"),
            Map.entry("parquet", "a Parquet file or a directory of them"),
            Map.entry("orc", "an ORC file or a directory of them"),
            Map.entry("json", "a file of JSON lines or a directory of them"),
            Map.entry("csv", "a CSV file with a header or a directory of them"),
            Map.entry("libsvm", "a LibSVM file or a directory of them"),
            Map.entry("spark", "a file or directory of data.format, or data.table"));
    private static final String SPARK = "spark";
    private static final Set<String> FRAMES = Set.of("parquet", "orc", "json", "csv", "libsvm", SPARK);
    /** Formats of source spark whose options alone say where the rows are. */
    private static final Set<String> WITHOUT_PATH = Set.of("jdbc");

    private static final List<String> FRAME_KEYS =
            List.of("data.features", "data.label", "data.weight", "data.shape", "data.test_path");
    /** Beginnings of keys that belong to one source, and its name. */
    private static final Map<String, String> OF_SOURCE = Map.of(
            "data.csv.", "csv",
            "data.layout", "npz",
            "data.format", SPARK,
            "data.options", SPARK,
            "data.table", SPARK,
            "data.test_table", SPARK);

    /** Keys of block data that say where the training and the test rows of one data set are. */
    static final Set<String> OF_ONE_SET = Set.of(
            "data.path",
            "data.files",
            "data.test_share",
            "data.test_part",
            "data.test_path",
            "data.verify",
            "data.table",
            "data.test_table");

    /** Keys of block data that say how source spark reads files. */
    static final Set<String> OF_READER = Set.of("data.format", "data.options");

    private final Configuration job;
    private final String source;

    private DataKeys(Configuration job, String source) {
        this.job = job;
        this.source = source;
    }

    static void check(Configuration job, String source) {
        new DataKeys(job, source).check();
    }

    /** Whether summaries have a data set that is read otherwise than the training rows. */
    static boolean hasOwnReader(Configuration job) {
        return job.gives("summary.data.source") || job.gives("summary.data.format") || job.gives("summary.data.table");
    }

    private static String sourceOfSummaries(Configuration job) {
        SummarySettings.Data data = job.summary().data();
        return data.source() == null ? job.data().files().source() : data.source();
    }

    /** Checks the data set of summaries, if there is one. */
    static void checkSummaries(Configuration job) {
        SummarySettings.Data data = job.summary().data();
        String source = sourceOfSummaries(job);
        for (String key : List.of("format", "options", "table")) {
            if (job.gives("summary.data." + key) && !source.equals(SPARK)) {
                throw job.mistake("summary.data." + key, "no such key: it is for source spark, not " + source);
            }
        }
        if (!job.hasSummaryData()) {
            if (data.source() != null || data.files() != null || hasOwnReader(job)) {
                throw job.mistake(
                        "summary.data.path", PATHS.get(source) + ": summary.data names a data set of its own");
            }
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
        if (source.equals(SPARK)) {
            boolean sameFormat = !hasOwnReader(job) && job.data().reader().format() != null;
            new DataKeys(job, source).reader("summary.data.", sameFormat);
        }
    }

    private void check() {
        if (source.equals(SPARK)) {
            reader("data.", false);
        } else if (PATHS.containsKey(source) && job.value("data.path") == null) {
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
        foreign();
        if (FRAMES.contains(source)) {
            frames();
            return;
        }
        for (String key : FRAME_KEYS) {
            if (job.value(key) != null) {
                throw job.mistake(key, "no such key: data.source " + source + " has no columns");
            }
        }
    }

    /** Refuses keys that say how another source is read; those with their default values are as if they were not given. */
    private void foreign() {
        Map<String, Object> defaults = JobSettings.schema().defaults();
        String other = job.hasSummaryData() ? sourceOfSummaries(job) : source;
        for (String key : defaults.keySet()) {
            String owner = OF_SOURCE.entrySet().stream()
                    .filter(entry -> key.equals(entry.getKey())
                            || entry.getKey().endsWith(".") && key.startsWith(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            boolean set = job.value(key) != null && !job.value(key).equals(defaults.get(key));
            if (owner != null && set && !owner.equals(source) && (owner.equals(SPARK) || !owner.equals(other))) {
                throw job.mistake(key, "no such key: it is for source " + owner + ", not " + source);
            }
        }
    }

    /** Checks that files of a format or a table are named, and not both. */
    private void reader(String block, boolean sameFormat) {
        boolean path = job.value(block + "path") != null;
        boolean table = job.value(block + "table") != null;
        Object format = job.value(block + "format");
        if (table && path) {
            throw job.mistake(block + "table", "no such key: " + block + "path names the files");
        }
        if (table && format != null) {
            throw job.mistake(block + "format", "no such key: a table knows its own");
        }
        boolean free = format != null && WITHOUT_PATH.contains(format.toString().toLowerCase(Locale.ROOT));
        if (!table && format == null && !sameFormat) {
            throw job.mistake(
                    block + "format",
                    "the name of a format, as spark.read.format takes it"
                            + (path ? "" : "; or " + block + "table: the name of a table"));
        }
        if (!table && !path && !free) {
            throw job.mistake(block + "path", "a file or directory of " + format + ", or " + block + "table");
        }
        options(block);
    }

    private void options(String block) {
        if (!(job.value(block + "options") instanceof Map<?, ?> options)) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (Object key : options.keySet()) {
            String name = key.toString().toLowerCase(Locale.ROOT);
            if (!names.add(name)) {
                throw job.mistake(block + "options", "'" + key + "' once: case makes no difference");
            }
            if (name.equals("path") || name.equals("paths")) {
                throw job.mistake(block + "options", block + "path in place of '" + key + "'");
            }
        }
    }

    private void frames() {
        List<String> tests = List.of("data.test_path", "data.test_table", "data.test_share");
        List<String> given =
                tests.stream().filter(key -> job.value(key) != null).toList();
        boolean table = job.value("data.table") != null;
        String other = table ? "data.test_table" : "data.test_path";
        if (given.isEmpty()) {
            throw job.mistake(
                    other,
                    (table ? "a table" : "a path") + ", or data.test_share: data.source " + source
                            + " has no test rows by itself");
        }
        if (given.size() > 1) {
            throw job.mistake(given.get(1), "no such key: " + given.get(0) + " holds the test rows");
        }
        if (given.get(0).equals(table ? "data.test_path" : "data.test_table")) {
            throw job.mistake(
                    given.get(0),
                    "no such key: " + other + " names the test rows beside data." + (table ? "table" : "path"));
        }
        if (job.value("data.class_weights") != null) {
            throw job.mistake("data.class_weights", "no such key: data.weight names a column of weights");
        }
        if (job.value("data.label") != null && job.value("data.targets").equals("features")) {
            throw job.mistake("data.label", "no such key: data.targets features takes no labels");
        }
    }
}

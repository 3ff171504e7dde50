package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.RowHash;
import io.etastar.frame.FrameColumns;
import io.etastar.settings.DataSettings;
import io.etastar.source.Formats;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of jobs/prepare-data.sh, checked. */
final class PrepareOptions {
    private static final List<String> FORMATS = Formats.toPrepare();
    private static final String GIVEN = "given";
    private static final String SPARK = "spark";
    private static final double ROUNDING = 1e-9;

    private final CommandLine.Arguments arguments;
    private final Manifest.Split split;

    /** @throws UserError naming the option that does not fit */
    PrepareOptions(CommandLine.Arguments arguments) {
        this.arguments = arguments;
        if (!FORMATS.contains(format())) {
            String found = format() == null ? "no FORMAT" : "'" + format() + "'";
            throw new UserError(
                    UserError.Subject.of("command line"), found, "FORMAT to be one of " + String.join(", ", FORMATS));
        }
        checkPath();
        for (String option : List.of("test-path", "features", "label", "weight", "shape")) {
            if (arguments.has(option) && !Formats.hasColumns(format())) {
                throw new UserError(
                        UserError.Subject.option(option), "it for " + format(), "it for formats with columns alone");
            }
        }
        only("csv", "separator", "quote", "escape", "decimal-mark", "encoding", "missing", "header");
        only("npz", "layout");
        only(SPARK, "format", "option", "table", "test-table");
        csv();
        reader();
        split = parseSplit();
        output();
        seed();
        rowsPerFile(1);
        classes();
        shape();
    }

    private void only(String format, String... options) {
        for (String option : options) {
            if (arguments.has(option) && !format().equals(format)) {
                throw new UserError(
                        UserError.Subject.option(option), "it for " + format(), "it for " + format + " alone");
            }
        }
    }

    private void checkPath() {
        boolean table = format().equals(SPARK) && arguments.has("table");
        boolean none = format().equals("digits") || table;
        if (none == arguments.has("PATH")) {
            String reason = table ? "none: --table names the rows" : "none: it is embedded";
            throw new UserError(
                    UserError.Subject.of("command line"),
                    (arguments.has("PATH") ? "a PATH" : "no PATH") + " for " + format(),
                    arguments.has("PATH") ? reason : format().equals(SPARK) ? "one, or --table" : "one");
        }
        if (format().equals(SPARK) && table == arguments.has("format")) {
            throw new UserError(
                    UserError.Subject.option("format"),
                    table ? "it for a table" : "nothing",
                    table ? "none: a table knows its own" : "the name of a format, as spark.read.format takes it");
        }
        String other = table ? "test-path" : "test-table";
        if (format().equals(SPARK) && arguments.has(other)) {
            throw mistake(other, table ? "--test-table beside --table" : "--test-path beside a PATH");
        }
    }

    static CommandLine declare(PrintStream out) {
        return new CommandLine(
                        "jobs/prepare-data.sh",
                        "Writes data as Parquet files with a manifest, for data.source = prepared.",
                        out)
                .argument("FORMAT", false, "one of " + String.join(", ", FORMATS))
                .argument(
                        "PATH", false, "directory or file of the data, any Hadoop path; none for digits and for tables")
                .option("output", "DIR", "new directory for the prepared data")
                .option(
                        "split",
                        "SHARES",
                        "T,V,E: shares of all rows for train, validation and test, by a hash of each row;"
                                + " by default given: the parts that the data come in")
                .option(
                        "validation",
                        "SHARE",
                        "with --split given: share of the training rows that become validation rows")
                .option("seed", "N", "seed of the hash, 0 by default; of digits also that of their split")
                .option("classes", "N", "number of classes; by default what the data say; 0 where targets are numbers")
                .option("test-path", "PATH", "formats with columns: file or directory of the test rows")
                .option(
                        "features",
                        "COLUMNS",
                        "formats with columns: their names, separated by commas, a* for all that begin with a;"
                                + " by default 'features', else all numeric ones")
                .option(
                        "label",
                        "COLUMN",
                        "formats with columns: column of labels, 'label' by default; strings become classes")
                .option("weight", "COLUMN", "formats with columns: column of weights")
                .option("shape", "C,H,W", "formats with columns: shape of a row's features, one axis by default")
                .option("format", "NAME", "spark: name of the format, as spark.read.format takes it")
                .repeated("option", "KEY=VALUE", "spark: an option of the format; any number of times")
                .option("table", "NAME", "spark: a table of the session's catalogs, in place of PATH and --format")
                .option("test-table", "NAME", "spark: table of the test rows")
                .option("layout", "L", "npz: auto, channels-first or channels-last: axes of images")
                .option("separator", "CHAR", "csv: what separates columns; by default recognised")
                .option("quote", "CHAR", "csv: around values that hold separators or line breaks, \" by default")
                .option("escape", "CHAR", "csv: before a quote within quotes, auto: the quote itself")
                .option("decimal-mark", "CHAR", "csv: . or , before decimals; by default recognised")
                .option("encoding", "CHARSET", "csv: by default UTF-8, or UTF-16 by its mark")
                .option("missing", "LIST", "csv: values that stand for a missing one, separated by commas")
                .option("header", "true|false", "csv: whether the first row names the columns, true by default")
                .option("rows-per-file", "N", "rows read for each file; by default 32 MiB in single precision")
                .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                .option("verify", "DIR", "prepares nothing, but checks the SHA-256 of all files of prepared data");
    }

    private Manifest.Split parseSplit() {
        String given = arguments.has("split") ? arguments.get("split") : GIVEN;
        if (given.equals(GIVEN)) {
            double validation = arguments.has("validation") ? number("validation", "a share above 0 and below 1") : 0;
            if (arguments.has("validation") && !(validation > 0 && validation < 1)) {
                throw mistake("validation", "a share above 0 and below 1");
            }
            return new Manifest.Split(GIVEN, RowHash.FUNCTION, seed(), new double[] {1 - validation, validation, 0});
        }
        String expected = "given, or three shares that add up to 1, such as 0.8,0.1,0.1";
        double[] shares;
        try {
            shares = Arrays.stream(given.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException none) {
            throw mistake("split", expected);
        }
        boolean good = shares.length == 3
                && shares[0] > 0
                && Arrays.stream(shares).allMatch(share -> share >= 0 && share <= 1)
                && Math.abs(Arrays.stream(shares).sum() - 1) < ROUNDING;
        if (!good) {
            throw mistake("split", expected);
        }
        if (arguments.has("validation")) {
            throw mistake("validation", "none with shares in --split");
        }
        return new Manifest.Split("hash", RowHash.FUNCTION, seed(), shares);
    }

    private UserError mistake(String option, String expected) {
        return new UserError(UserError.Subject.option(option), "'" + arguments.get(option) + "'", expected);
    }

    private double number(String option, String expected) {
        try {
            return Double.parseDouble(arguments.get(option));
        } catch (NumberFormatException none) {
            throw mistake(option, expected);
        }
    }

    private int whole(String option, int least, int standard) {
        if (!arguments.has(option)) {
            return standard;
        }
        if (!arguments.get(option).matches("[0-9]{1,9}") || Integer.parseInt(arguments.get(option)) < least) {
            throw mistake(option, "a whole number from " + least);
        }
        return Integer.parseInt(arguments.get(option));
    }

    String format() {
        return arguments.get("FORMAT");
    }

    String path() {
        return arguments.get("PATH");
    }

    String output() {
        return arguments.required("output", "a new directory");
    }

    String master() {
        return arguments.get("master");
    }

    Manifest.Split split() {
        return split;
    }

    /** Whether rows are split by shares of all of them. */
    boolean pooled() {
        return !split.kind().equals(GIVEN);
    }

    int seed() {
        return whole("seed", 0, 0);
    }

    /** Number of classes, {@link FrameColumns#FOUND} if nothing is said. */
    int classes() {
        return whole("classes", 0, FrameColumns.FOUND);
    }

    int rowsPerFile(int standard) {
        return whole("rows-per-file", 1, standard);
    }

    /** The request for the rows. */
    Formats.PrepareRequest request() {
        DataSettings.Columns columns =
                new DataSettings.Columns(features(), arguments.get("label"), arguments.get("weight"), shape());
        return new Formats.PrepareRequest(
                format(),
                path(),
                arguments.get("test-path"),
                seed(),
                classes(),
                columns,
                new Formats.How(csv(), reader(), choice("layout", List.of("auto", "channels-first", "channels-last"))));
    }

    private DataSettings.Reader reader() {
        Map<String, String> options = new HashMap<>();
        for (String option : arguments.all("option")) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new UserError(UserError.Subject.option("option"), "'" + option + "'", "KEY=VALUE");
            }
            options.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return new DataSettings.Reader(
                arguments.get("format"), options, arguments.get("table"), arguments.get("test-table"));
    }

    private DataSettings.Csv csv() {
        DataSettings.Csv standard = DataSettings.Csv.DEFAULT;
        return new DataSettings.Csv(
                given("separator", standard.separator()).replace("\\t", "\t"),
                given("quote", standard.quote()),
                given("escape", standard.escape()),
                choice("decimal-mark", List.of("auto", ".", ",")),
                given("encoding", standard.encoding()),
                arguments.has("missing") ? List.of(arguments.get("missing").split(",", -1)) : standard.missing(),
                !choice("header", List.of("true", "false")).equals("false"));
    }

    private String given(String option, String standard) {
        return arguments.has(option) ? arguments.get(option) : standard;
    }

    private String choice(String option, List<String> choices) {
        String chosen = given(option, choices.get(0));
        if (!choices.contains(chosen)) {
            throw mistake(option, "one of " + String.join(", ", choices));
        }
        return chosen;
    }

    private List<String> features() {
        return arguments.has("features")
                ? Arrays.stream(arguments.get("features").split(","))
                        .map(String::strip)
                        .toList()
                : List.of();
    }

    /** Shape of a row's features, empty for one axis. */
    private List<Integer> shape() {
        if (!arguments.has("shape")) {
            return List.of();
        }
        if (!arguments.get("shape").matches("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,3}")) {
            throw mistake("shape", "sides separated by commas, such as 3,32,32");
        }
        return Arrays.stream(arguments.get("shape").split(","))
                .map(Integer::valueOf)
                .toList();
    }
}

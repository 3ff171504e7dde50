package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.util.List;
import java.util.Map;

/** The block {@code data}: where the rows come from, and what is done to them. */
public record DataSettings(
        @Key.Flat Files files,
        @Key.Flat Columns columns,
        Csv csv,
        @Key.Flat Reader reader,
        @Key.Flat Table table,
        @Key.Flat Rows rows,
        @Key.Flat Classes classes) {
    /** What is read. */
    public record Files(
            @Key(
                    value = "digits",
                    oneOf = {
                        "digits",
                        "idx",
                        "images",
                        "cifar10",
                        "cifar100",
                        "cifar100-coarse",
                        "npz",
                        "prepared",
                        "parquet",
                        "orc",
                        "json",
                        "csv",
                        "libsvm",
                        "spark",
                        "regression"
                    },
                    doc =
                            "the embedded 8x8 digits, a format of files, what jobs/prepare-data.sh has written, what Spark"
                                    + " reads by the name of its format or as a table, or a made-up linear regression")
            String source,

            @Key(
                    doc = "idx: directory of the four files, plain or .gz; images: directory of train/CLASS/*.jpg and"
                            + " test/CLASS/*.jpg (or .jpeg, .png); else directory or file of that format; any Hadoop"
                            + " path")
            String path,

            @Key(
                    value = "train",
                    oneOf = {"train", "t10k"},
                    doc = "idx: which of the files are the training rows; t10k needs test_share")
            String files,

            @Key(
                    above = 0,
                    below = 1,
                    doc = "share of the training rows, the last ones, that is the test set in place of the source's"
                            + " own")
            double testShare,

            @Key(
                    value = "test",
                    oneOf = {"test", "validation"},
                    doc = "prepared: which rows are the test set")
            String testPart,

            @Key(
                    value = "false",
                    doc = "prepared: whether the SHA-256 of every file is compared with the manifest before the job"
                            + " starts")
            boolean verify,

            @Key(doc = "sources with columns: file or directory of the test rows, in place of test_share")
            String testPath,

            @Key(
                    value = "auto",
                    oneOf = {"auto", "channels-first", "channels-last"},
                    doc =
                            "npz: axes of images, [N, C, H, W] or [N, H, W, C]; auto: channels-last if the last axis is 1,"
                                    + " 3 or 4 and the second is not")
            String layout) {}

    /** Columns of files that Spark reads. */
    public record Columns(
            @Key(
                    doc =
                            "sources with columns: columns of features: one of vectors, arrays, bytes or images, or any number of"
                                    + " numbers, booleans, texts, dates, timestamps and vectors; a* stands for all that begin"
                                    + " with a; by default features, else all but label and weight")
            List<String> features,

            @Key(
                    doc = "sources with columns: column of labels: classes (texts, booleans, numbers) or targets; by"
                            + " default label; a.b is the field b of a struct a")
            String label,

            @Key(doc = "sources with columns: column of weights, which count in training and testing")
            String weight,

            @Key(
                    min = 1,
                    doc = "sources with columns: shape of a row's features, images as [C, H, W]; by default one axis")
            List<Integer> shape) {}

    /** How CSV files are written; what is not said is recognised by their heads, and said. */
    public record Csv(
            @Key(value = "auto", doc = "what separates columns; auto: comma, semicolon, tab or |, by the first rows")
            String separator,

            @Key(value = "\"\\\"\"", doc = "the character around values that hold separators or line breaks")
            String quote,

            @Key(value = "auto", doc = "the character before a quote within quotes; auto: the quote itself")
            String escape,

            @Key(
                    value = "auto",
                    oneOf = {"auto", ".", ","},
                    doc = "the mark before decimals; auto: a comma if the separator is another character and numbers"
                            + " of the first rows have one")
            String decimalMark,

            @Key(value = "auto", doc = "charset; auto: UTF-8, or UTF-16 if the file begins with its mark")
            String encoding,

            @Key(
                    value = "[NA, \"N/A\", NaN, nan, \"null\", NULL, None, \"?\", \"-\"]",
                    doc = "values that stand for a missing one, besides empty ones")
            List<String> missing,

            @Key(value = "true", doc = "whether the first row names the columns; if not, they are _c0, _c1 and so on")
            boolean header) {
        /** What is set if nothing is said. */
        public static final Csv DEFAULT = new Csv(
                "auto",
                "\"",
                "auto",
                "auto",
                "auto",
                List.of("NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-"),
                true);
    }

    /** What source spark reads, as {@code spark.read} does. */
    public record Reader(
            @Key(
                    doc = "spark: name of the format, as spark.read.format takes it: orc, json, avro, delta, iceberg or"
                            + " any other whose jars are there (--packages)")
            String format,

            @Key(value = "{}", doc = "spark: options of the format, handed to spark.read.options as they are")
            Map<String, String> options,

            @Key(doc = "spark: a table in place of path and format: schema.name or catalog.schema.name")
            String table,

            @Key(doc = "spark: table of the test rows, in place of test_share")
            String testTable) {
        /** Nothing that source spark reads. */
        public static final Reader NONE = new Reader(null, Map.of(), null, null);
    }

    /** How columns of a table become a network's inputs. */
    public record Table(
            @Key(
                    doc = "tables: columns whose values are categories though they are no texts; a* stands for all that"
                            + " begin with a")
            List<String> categories,

            @Key(
                    value = "standard",
                    oneOf = {"standard", "robust", "quantile", "none"},
                    doc = "tables: scale of numbers: mean and deviation, median and interquartile range, quantiles to"
                            + " those of the normal distribution, or as they are")
            String scaling,

            @Key(
                    value = "keep",
                    oneOf = {"error", "keep", "skip"},
                    doc = "tables: missing values and categories that the training rows do not have: error names the"
                            + " first; keep: a missing number is the mean and a further input says so, an unknown"
                            + " category has a place of its own; skip leaves the row out")
            String handleInvalid,

            @Key(
                    value = "1000",
                    min = 1,
                    doc =
                            "tables: most categories of a column; if there are more, they are hashed into as many buckets")
            int maxCategories) {}

    /** What is done to the rows. */
    public record Rows(
            @Key(
                    value = "labels",
                    oneOf = {"labels", "features"},
                    doc = "what the model is to give: labels as stored, or the row's own features before they are"
                            + " standardised (autoencoder)")
            String targets,

            @Key(
                    value = "none",
                    oneOf = {"none", "pixels", "crop-flip"},
                    doc = "what is done to rows in each pass: pixels: one random pixel of a grey image is to be told"
                            + " from those before it (image_generator); crop-flip: training images are shifted by up"
                            + " to 4 pixels and mirrored at random")
            String transform,

            @Key(
                    value = "true",
                    doc =
                            "whether features are standardised by mean and deviation of the training set: those of each column of a table, or of each channel of images")
            boolean standardise,

            @Key(
                    value = "true",
                    doc =
                            "files with columns, perceptron, loss mse: whether targets are standardised for training, by one"
                                    + " deviation; the model's last layer, and all losses, are those of the targets as they are")
            boolean standardiseTargets,

            @Key(
                    value = "auto",
                    min = 1,
                    or = "auto",
                    doc = "shards of the training set; results depend on it; auto: by rows, operations of the model and"
                            + " cores of the cluster")
            int partitions) {}

    /** Classes of the labels. */
    public record Classes(
            @Key(min = 2, doc = "number of classes in the files; by default the model's")
            int classes,

            @Key(
                    above = 0,
                    doc = "weight of the training rows of each class; the mean loss is the weighted sum over the sum"
                            + " of weights")
            List<Double> classWeights) {}

    /** Whether a share of the training rows is the test set. */
    public boolean splits() {
        return !Double.isNaN(files.testShare());
    }
}

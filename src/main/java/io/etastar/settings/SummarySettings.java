package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.util.Map;

/** The block {@code summary}: the rows that summaries of derivatives are taken over; 0 rows are all. */
public record SummarySettings(
        @Key(
                min = 1,
                or = {"all", "auto"},
                doc =
                        "samples of a summary that is not of the training batch; by default, and auto, those of a training step",
                formerly = "training.hg_batch")
        int batch,

        @Key(
                oneOf = {"drawn", "batch", "apart"},
                doc = "rows of a summary: a batch of its own from the training rows, the step's training batch, or rows"
                        + " that are not trained on; by default batch for newton-summary without summary.batch, else"
                        + " drawn",
                formerly = "training.hg_data")
        String rows,

        @Key(
                value = "0.1",
                above = 0,
                below = 1,
                doc = "summary.rows apart: share of the training rows kept for summaries",
                formerly = "training.hg_share")
        double share,

        Data data) {
    /** A data set of its own for summaries; what is not named here is as in the block data. */
    public record Data(
            @Key(
                    oneOf = {
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
                        "spark"
                    },
                    doc =
                            "format of the data set of summaries; by default that of data.source; columns, shape, classes and"
                                    + " transform are those of the block data")
            String source,

            @Key(
                    doc = "data set that summaries are drawn from and nothing is trained on, in place of training rows:"
                            + " directory or file, as data.path; of a format with parts its training rows")
            String path,

            @Key(
                    oneOf = {"train", "t10k"},
                    doc = "idx: which of the files are the rows of summaries; by default train")
            String files,

            @Key(doc = "spark: name of the format of summary.data.path; by default data.format")
            String format,

            @Key(doc = "spark: options of that format; by default data.options if neither source nor format is given")
            Map<String, String> options,

            @Key(doc = "spark: a table that summaries are drawn from, in place of path and format")
            String table) {}
}

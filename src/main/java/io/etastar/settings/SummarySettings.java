package io.etastar.settings;

import io.etastar.settings.schema.Key;

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
        double share) {}

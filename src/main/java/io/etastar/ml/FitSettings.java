package io.etastar.ml;

import io.etastar.settings.schema.Key;

/** Settings of a fit that job files do not have: columns, when to stop, where to keep checkpoints. */
record FitSettings(
        @Key(
                doc = "description of the model, HOCON or JSON: the keys of a job file's block model; layers,"
                        + " activation and inputShape go before it")
        String model,

        @Key(doc = "column of row weights, finite and not negative; without it all weights are 1")
        String weightCol,

        @Key(doc = "boolean column: rows that are true are not trained on; their loss is measured after each epoch")
        String validationIndicatorCol,

        @Key(
                value = "0",
                min = 0,
                doc = "training ends after an epoch whose mean training loss differs from that of the epoch before by"
                        + " less than tol times the larger of the two; 0 for never")
        double tol,

        @Key(
                value = "0",
                min = 0,
                doc = "epochs without a lower validation loss after which training ends; the model is then, and at the"
                        + " last epoch, that of the lowest; 0 for all epochs and the last model; needs"
                        + " validationIndicatorCol")
        int patience,

        @Key(
                doc = "new directory for a run with its checkpoints, metrics and model, any path that Hadoop knows; an"
                        + " unfinished run of the same parameters there resumes; without it nothing is written")
        String checkpointDir) {}

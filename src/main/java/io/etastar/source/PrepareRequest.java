package io.etastar.source;

import io.etastar.settings.DataSettings;

/**
 * A request for rows to prepare.
 *
 * @param format name of the format
 * @param path directory or file; null if the rows are embedded
 * @param testPath directory or file of test rows that Spark reads; null if there are none
 * @param seed splits embedded rows
 * @param classes number of classes, {@link io.etastar.frame.FrameColumns#FOUND} for what the data say
 * @param columns of files that Spark reads
 */
public record PrepareRequest(
        String format, String path, String testPath, long seed, int classes, DataSettings.Columns columns) {}

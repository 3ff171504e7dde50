package io.etastar.jobs;

import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameRows;
import io.etastar.settings.DataSettings;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Training and test rows that Spark reads, as a configuration describes them. */
final class FrameData {
    private FrameData() {}

    /** Whether these data are read by Spark. */
    static boolean is(DataSettings settings) {
        return FrameFiles.FORMATS.contains(settings.files().source());
    }

    /**
     * Reads, checks and counts the training or the test rows.
     *
     * @throws io.etastar.UserError naming file or column
     */
    static FrameRows open(DataSettings settings, JavaSparkContext context, boolean train) {
        boolean ownFile = !train && settings.files().testPath() != null;
        String path = ownFile ? settings.files().testPath() : settings.files().path();
        return FrameFiles.reading(path, settings.files().source(), () -> {
            SparkSession session = FrameFiles.session(context);
            Dataset<Row> frame =
                    FrameFiles.read(session, settings.files().source(), path, width(settings, session, ownFile));
            FrameColumns columns = columns(settings, frame);
            boolean split = settings.splits();
            Dataset<Row> rows = split ? FrameFiles.side(frame, settings.files().testShare(), train) : frame;
            String description = path + (split ? train ? ", train" : ", test" : "");
            FrameRows read = FrameRows.of(description, rows, columns);
            return read.with(DataSources.transform(
                    read.stored().features(), settings.rows().transform(), train));
        });
    }

    /** Number of features of a LibSVM file if it is known: that of the shape, for test rows that of the training rows. */
    private static int width(DataSettings settings, SparkSession session, boolean ownFile) {
        int shape = settings.columns().shape().stream().reduce(1, Math::multiplyExact);
        if (!settings.files().source().equals("libsvm")
                || !settings.columns().shape().isEmpty()
                || !ownFile) {
            return settings.columns().shape().isEmpty() ? 0 : shape;
        }
        return FrameFiles.width(
                FrameFiles.read(session, "libsvm", settings.files().path(), 0), "libsvm");
    }

    private static FrameColumns columns(DataSettings settings, Dataset<Row> frame) {
        DataSettings.Columns given = settings.columns();
        boolean labelled = !settings.rows().targets().equals("features");
        String label = labelled ? FrameFiles.label(given.label()) : null;
        List<String> features = FrameFiles.features(frame, given.features(), label, given.weight());
        int[] shape = given.shape().stream().mapToInt(Integer::intValue).toArray();
        return new FrameColumns(
                features,
                label,
                given.weight(),
                labelled ? settings.classes().classes() : 0,
                shape.length == 0 ? null : shape);
    }
}

package io.etastar.jobs;

import static org.apache.spark.sql.functions.not;

import io.etastar.UserError;
import io.etastar.data.Ranges;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameRows;
import io.etastar.spark.rows.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Files that Spark reads. */
final class PrepareFrames {
    private static final String INDEX = "etastar class index";

    private final PrepareOptions options;
    private final List<Rows> parts = new ArrayList<>();

    private PrepareFrames(PrepareOptions options) {
        this.options = options;
    }

    /** Reads and checks all rows. */
    static List<Rows> open(PrepareOptions options, JavaSparkContext context) {
        PrepareFrames frames = new PrepareFrames(options);
        try {
            FrameFiles.reading(options.path(), options.format(), () -> {
                frames.read(FrameFiles.session(context));
                return null;
            });
            return frames.parts;
        } catch (RuntimeException e) {
            frames.parts.forEach(Rows::close);
            throw e;
        }
    }

    private void read(SparkSession session) {
        int[] shape = options.shape();
        Dataset<Row> train =
                FrameFiles.read(session, options.format(), options.path(), shape == null ? 0 : Ranges.length(shape));
        Dataset<Row> test = options.testPath() == null
                ? null
                : FrameFiles.read(
                        session, options.format(), options.testPath(), FrameFiles.width(train, options.format()));
        if (train.isEmpty()) {
            throw new UserError(options.path() + ": found no rows, expected at least one");
        }
        String label = options.label();
        List<String> features = FrameFiles.features(train, options.features(), label, options.weight());
        int classes = options.classes();
        boolean text = Arrays.asList(train.columns()).contains(label)
                && train.schema().apply(label).dataType().equals(DataTypes.StringType);
        List<String> classNames = List.of();
        if (text) {
            if (!train.filter(train.col("`" + label + "`").isNull()).isEmpty()) {
                throw new UserError("column '" + label + "': found null, expected a value in every row");
            }
            StringIndexerModel model = new StringIndexer()
                    .setInputCol(label)
                    .setOutputCol(INDEX)
                    .setStringOrderType("alphabetAsc")
                    .fit(train);
            classNames = List.of(model.labelsArray()[0]);
            train = model.transform(train);
            test = test == null ? null : known(model, test, label);
            if (classes != FrameColumns.FOUND && classes != classNames.size()) {
                throw new UserError(
                        "column '" + label + "': found " + classNames.size() + " classes, expected " + classes);
            }
            label = INDEX;
        }
        FrameColumns columns = new FrameColumns(features, label, options.weight(), classes, options.shape());
        parts.add(FrameRows.of(options.path(), train, columns).withClassNames(classNames));
        if (test != null) {
            int found = parts.get(0).stored().classes();
            parts.add(FrameRows.of(
                    options.testPath(),
                    test,
                    new FrameColumns(
                            features,
                            label,
                            options.weight(),
                            found,
                            parts.get(0).stored().features())));
        }
    }

    private static Dataset<Row> known(StringIndexerModel model, Dataset<Row> test, String label) {
        List<String> names = Arrays.asList(model.labelsArray()[0]);
        if (!Arrays.asList(test.columns()).contains(label)) {
            throw new UserError("column '" + label + "': found none of that name in the test rows, expected one of "
                    + String.join(", ", test.columns()));
        }
        Dataset<Row> unknown = test.filter(test.col("`" + label + "`")
                .isNull()
                .or(not(test.col("`" + label + "`").isin(names.toArray()))));
        List<Row> first = unknown.select("`" + label + "`").takeAsList(1);
        if (!first.isEmpty()) {
            throw new UserError("column '" + label + "': found " + first.get(0).get(0)
                    + " in the test rows, expected one of " + names);
        }
        return model.transform(test);
    }
}

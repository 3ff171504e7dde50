package io.etastar.ml;

import io.etastar.frame.FrameTable;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.table.TableEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Features that are columns of a table: those of featuresCols, or all if a frame has no column of the name in featuresCol. */
final class TableColumns {
    private static final Logger LOG = LoggerFactory.getLogger(TableColumns.class);

    private final NeuralNetworkParams<?> params;
    private final DataSettings settings;

    /** @param job the Params as a job */
    TableColumns(NeuralNetworkParams<?> params, Configuration job) {
        this.params = params;
        settings = job.data();
    }

    /** Whether a frame's features are columns of a table, not one column of vectors, bytes or images. */
    boolean isTable(StructType schema) {
        if (params.isDefined(params.featuresCols())) {
            return true;
        }
        if (!Arrays.asList(schema.fieldNames()).contains(featuresCol())) {
            return !params.isSet(params.getParam("featuresCol"));
        }
        return Jobs.translated(() -> FrameTable.isTable(schema, options(schema), others()));
    }

    /**
     * Checks that a frame has the columns of a table.
     *
     * @throws IllegalArgumentException naming the column, what was found and what is expected
     */
    void check(StructType schema) {
        Jobs.translated(() -> {
            FrameTable.check(schema, options(schema), others());
            return null;
        });
    }

    /** Fits the encoding; null if features are no table. One Spark job. */
    TableEncoding fit(Dataset<Row> frame) {
        return isTable(frame.schema())
                ? FrameTable.fit(
                        frame,
                        options(frame.schema()),
                        others(),
                        line -> LOG.info("{}: {}", params.uid(), line),
                        line -> LOG.warn("{}: {}", params.uid(), line))
                : null;
    }

    private FrameTable.Options options(StructType schema) {
        List<String> features = params.isDefined(params.featuresCols())
                ? List.of(params.getFeaturesCols())
                : Arrays.asList(schema.fieldNames()).contains(featuresCol()) ? List.of(featuresCol()) : List.of();
        return new FrameTable.Options(
                features,
                params.isDefined(params.categoricalCols()) ? List.of(params.getCategoricalCols()) : List.of(),
                settings.rows().standardise() ? settings.table().scaling() : "none",
                TableEncoding.Invalid.of(settings.table().handleInvalid()),
                settings.table().maxCategories());
    }

    private String featuresCol() {
        return text("featuresCol");
    }

    /** Columns that are no features. */
    private List<String> others() {
        List<String> others = new ArrayList<>();
        others.add(text("labelCol"));
        for (Param<String> param :
                List.of(params.weightCol(), params.validationIndicatorCol(), params.summaryIndicatorCol())) {
            if (FrameFit.isGiven(params, param)) {
                others.add(params.getOrDefault(param));
            }
        }
        return others;
    }

    private String text(String param) {
        return (String) params.getOrDefault(params.getParam(param));
    }
}

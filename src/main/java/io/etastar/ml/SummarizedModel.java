package io.etastar.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.PartitionChoice;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.Quantity;
import io.etastar.storage.FileAccess;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StorageFailure;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;

/**
 * The network of a {@link CurvatureSummary} and the columns that it reads.
 *
 * @param stored the network
 * @param features name of the column; of no effect if features are a table's columns
 * @param label name of the column
 * @param weight name of the column, or null
 * @param what subsets and kind of curvature
 */
record SummarizedModel(StoredModel stored, String features, String label, String weight, Quantity.Summary what) {
    /** Without the parameters, which are not read from the path. */
    static SummarizedModel described(CurvatureSummary params) {
        return of(params, ModelDirectory::describe);
    }

    /** With the parameters. */
    static SummarizedModel read(CurvatureSummary params) {
        return of(params, ModelDirectory::read);
    }

    private static SummarizedModel of(CurvatureSummary params, Function<String, StoredModel> read) {
        StoredModel stored = params.given();
        String path = params.orElse(params.model(), null);
        if (stored == null && path == null) {
            throw new IllegalArgumentException(params.uid()
                    + ": parameter model: found nothing, expected the path of a saved model or of a run's directory");
        }
        if (stored == null) {
            stored = read.apply(path);
        }
        JsonNode own = path == null ? new ObjectMapper().createObjectNode() : paramsOf(path);
        String weight = params.orElse(params.weightCol(), value(own, "weightCol", ""));
        return new SummarizedModel(
                stored,
                params.orElse(params.featuresCol(), value(own, "featuresCol", "features")),
                params.orElse(params.labelCol(), value(own, "labelCol", "label")),
                weight.isEmpty() ? null : weight,
                what(params, stored));
    }

    private static Quantity.Summary what(CurvatureSummary params, StoredModel stored) {
        Model graph = ModelDescription.of(stored).recipe().build(DType.DOUBLE);
        if (Program.mixesRows(graph)) {
            throw new IllegalArgumentException(params.uid()
                    + ": parameter model: found a batch norm without stored mean and variance, expected a model in which rows do"
                    + " not depend on each other");
        }
        Curvature curvature = Curvature.of(params.getCurvature());
        Program.check(graph, curvature);
        return new Quantity.Summary(new PartitionChoice(params.getPartition(), null).on(stored.layout()), curvature);
    }

    /** Params that a saved model was written with, its defaults among them; none for the directory of a run. */
    private static JsonNode paramsOf(String path) {
        Path metadata = new Path(FileAccess.path(path), "metadata");
        ObjectMapper json = new ObjectMapper();
        try {
            if (FileAccess.isDirectory(metadata)) {
                for (FileStatus file : FileAccess.list(metadata)) {
                    if (file.getPath().getName().startsWith("part-") && file.getLen() > 0) {
                        try (InputStream in = FileAccess.open(file.getPath())) {
                            return json.readTree(in);
                        }
                    }
                }
            }
            return json.createObjectNode();
        } catch (IOException exception) {
            throw new StorageFailure(metadata, exception);
        }
    }

    private static String value(JsonNode metadata, String name, String otherwise) {
        String byDefault = metadata.path("defaultParamMap").path(name).asText(otherwise);
        return metadata.path("paramMap").path(name).asText(byDefault);
    }

    /** Checks that a frame has the columns. */
    void check(StructType schema) {
        new Scorer(stored).check(schema, features);
        if (stored.classes() > 0) {
            FeatureColumn.checkClasses(schema, label);
        } else {
            FeatureColumn.checkTargets(schema, label);
        }
        if (weight != null) {
            FeatureColumn.checkNumeric(schema, weight);
        }
    }
}

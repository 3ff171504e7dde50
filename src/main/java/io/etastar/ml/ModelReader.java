package io.etastar.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StateDirectory;
import io.etastar.storage.StoredModel;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link ModelWriter} wrote, of its version or an older one. */
final class ModelReader<M extends Params> extends MLReader<M> {
    private final Class<M> type;
    private final Maker<M> make;
    private final UnaryOperator<M> as;
    private boolean local;

    /** Makes a model of a uid. */
    @FunctionalInterface
    interface Maker<M> {
        /** @param state where its training ended, or null */
        M make(String uid, StoredModel stored, Checkpoint state);
    }

    /** @param as what a model is returned as */
    ModelReader(Class<M> type, Maker<M> make, UnaryOperator<M> as) {
        this.type = type;
        this.make = make;
        this.as = as;
    }

    /** Reads from this machine's disk, whatever the session's file system is. */
    @Override
    public M loadFromLocal(String path) {
        local = true;
        return super.loadFromLocal(path);
    }

    @Override
    public M load(String path) {
        HadoopSettings.use(sparkSession());
        DefaultParamsReader.Metadata metadata = StageReader.metadata(path, sparkSession(), type);
        int version = version(metadata.metadataJson());
        if (version < 1 || version > ModelWriter.FORMAT) {
            throw new IllegalArgumentException(path + "/metadata: " + ModelWriter.KEY + ": found "
                    + (version < 0 ? "none" : version) + ", expected 1 to " + ModelWriter.FORMAT
                    + (version > ModelWriter.FORMAT ? ": written by a newer version" : ""));
        }
        String place = ModelWriter.location(path, local);
        M model = Jobs.translated(
                () -> make.make(metadata.uid(), ModelDirectory.read(place), StateDirectory.read(place)));
        metadata.getAndSetParams(model, Option.empty());
        return as.apply(model);
    }

    private static int version(String json) {
        try {
            return new ObjectMapper().readTree(json).path(ModelWriter.KEY).asInt(-1);
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException("metadata that Spark has parsed", exception);
        }
    }
}

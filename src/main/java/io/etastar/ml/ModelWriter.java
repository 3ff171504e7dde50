package io.etastar.ml;

import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StateDirectory;
import io.etastar.storage.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.json4s.JInt;
import org.json4s.JObject;
import org.json4s.JValue;
import scala.Option;
import scala.Some;
import scala.Tuple2;
import scala.collection.immutable.List$;

/**
 * Writes a model: {@code metadata/}, Spark's JSON of class, uid and Params with the format's version, and {@code model/} as in
 * the directory of a run: {@code model.json} and {@code parameters.bin}, a bare little-endian array. {@code optimizer/} holds
 * where training ended, if the model keeps that.
 */
final class ModelWriter extends MLWriter {
    /** Version of the layout; readers take all up to their own. */
    static final int FORMAT = 1;

    static final String KEY = "etastarFormat";

    private final Params instance;
    private final StoredModel stored;
    private final Checkpoint state;
    private boolean local;

    /** @param state where training ended, or null */
    ModelWriter(Params instance, StoredModel stored, Checkpoint state) {
        this.instance = instance;
        this.stored = stored;
        this.state = state;
    }

    /** Writes to this machine's disk, whatever the session's file system is. */
    @Override
    public void saveToLocal(String path) throws IOException {
        local = true;
        super.saveToLocal(path);
    }

    /** A path as Hadoop is to know it. */
    static String location(String path, boolean local) {
        return local ? Path.of(path).toUri().toString() : path;
    }

    @Override
    public void saveImpl(String path) {
        HadoopSettings.use(sparkSession());
        ModelDirectory.write(location(path, local), stored);
        if (state != null) {
            StateDirectory.write(location(path, local), state);
        }
        // Last: a directory without metadata is no model.
        DefaultParamsWriter.saveMetadata(
                StageWriter.named(instance), path, sparkSession(), new Some<>(version()), Option.empty());
    }

    private static JObject version() {
        Tuple2<String, JValue> field = new Tuple2<>(KEY, new JInt(scala.math.BigInt.apply(FORMAT)));
        return new JObject(List$.MODULE$.<Tuple2<String, JValue>>empty().$colon$colon(field));
    }
}

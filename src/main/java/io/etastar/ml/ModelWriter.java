package io.etastar.ml;

import io.etastar.interchange.OnnxFile;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StateDirectory;
import io.etastar.storage.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
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
 *
 * <p>With the option {@code onnx}, {@code true} or {@code false}, there is {@code model.onnx}, too: {@link OnnxFile}, of classifiers with
 * probabilities and labels.
 */
final class ModelWriter extends MLWriter {
    /** Version of the layout; readers take all up to their own. */
    static final int FORMAT = 1;

    static final String KEY = "etastarFormat";

    private static final String ONNX = "onnx";

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
        if (isAsked(ONNX)) {
            // First: where there is no such graph, nothing is left behind.
            Jobs.translated(() -> OnnxFile.write(location(path, local) + "/model.onnx", stored, stored.classes() > 0));
        }
        ModelDirectory.write(location(path, local), stored);
        if (state != null) {
            StateDirectory.write(location(path, local), state);
        }
        // Last: a directory without metadata is no model.
        DefaultParamsWriter.saveMetadata(
                StageWriter.named(instance), path, sparkSession(), new Some<>(version()), Option.empty());
    }

    private boolean isAsked(String option) {
        String value = optionMap().getOrElse(option, () -> "false").toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(
                    instance.uid() + ": option " + option + ": found '" + value + "', expected true or false");
        }
        return value.equals("true");
    }

    private static JObject version() {
        Tuple2<String, JValue> field = new Tuple2<>(KEY, new JInt(scala.math.BigInt.apply(FORMAT)));
        return new JObject(List$.MODULE$.<Tuple2<String, JValue>>empty().$colon$colon(field));
    }
}

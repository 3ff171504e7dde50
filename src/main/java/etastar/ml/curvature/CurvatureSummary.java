package etastar.ml.curvature;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;

/** {@link io.etastar.ml.CurvatureSummary} under the name that Python knows. */
public final class CurvatureSummary extends io.etastar.ml.CurvatureSummary {
    private static final long serialVersionUID = 1L;

    /** With a uid of its own. */
    public CurvatureSummary() {}

    /** With a given uid. */
    public CurvatureSummary(String uid) {
        super(uid);
    }

    /** The same stage, with the same uid and Params. */
    public CurvatureSummary(io.etastar.ml.CurvatureSummary stage) {
        super(stage.uid());
        stage.copyValues(this, ParamMap.empty());
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<io.etastar.ml.CurvatureSummary> read() {
        return reader(CurvatureSummary::new);
    }

    /** Reads from a path. */
    public static io.etastar.ml.CurvatureSummary load(String path) {
        return read().load(path);
    }
}

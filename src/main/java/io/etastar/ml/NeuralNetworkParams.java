package io.etastar.ml;

import io.etastar.settings.Configuration;
import io.etastar.tensor.BackendChoice;
import org.apache.spark.ml.param.Param;

/**
 * All Params that estimators and models of this package have beside Spark's own.
 *
 * @param <S> what setters return
 */
public interface NeuralNetworkParams<S> extends SettingParams<S> {
    /** Sets the defaults of all Params that have one; for constructors. */
    @SuppressWarnings("unchecked")
    default void setTableDefaults() {
        ParamNames.settings().forEach((name, setting) -> {
            Object value = ParamTable.defaultOf(setting);
            if (value != null) {
                setDefault((Param<Object>) table().get(name), value);
            }
        });
    }

    /** What executors compute on. */
    default BackendChoice computesOn() {
        return BackendChoice.of(getBackend(), isSet(cudaLibraries()) ? getCudaLibraries() : "");
    }

    /**
     * The job that the Params describe.
     *
     * @param loss of models that name none
     * @throws IllegalArgumentException naming the Param, what was found and what is expected
     */
    default Configuration job(String loss) {
        return Jobs.of(this, loss);
    }
}

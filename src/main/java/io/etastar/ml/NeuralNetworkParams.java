package io.etastar.ml;

import io.etastar.settings.Configuration;
import org.apache.spark.ml.param.Param;

/**
 * All Params that estimators and models of this package have beside Spark's own.
 *
 * @param <S> what setters return
 */
public interface NeuralNetworkParams<S>
        extends FrameParams<S>, JobParams<S>, OptimizerParams<S>, BaseRuleParams<S>, OtherOptimizerParams<S> {
    /** Sets the defaults of all Params that have one; for constructors. */
    @SuppressWarnings("unchecked")
    default void setTableDefaults() {
        ParamNames.all().forEach((path, name) -> {
            Object value = ParamTable.defaultOf(path);
            if (value != null) {
                setDefault((Param<Object>) table().get(name), value);
            }
        });
        setDefault((Param<Object>) (Param<?>) tol(), 0.0);
        setDefault((Param<Object>) (Param<?>) patience(), 0);
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

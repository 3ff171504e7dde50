package io.etastar.ml;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import scala.runtime.AbstractFunction1;

/**
 * Params that job files do not have: columns, when to stop, where to keep checkpoints.
 *
 * @param <S> what setters return
 */
public interface FrameParams<S> extends TableParams<S> {
    /** Names and meanings. */
    Map<String, String> DOCS = docs();

    private static Map<String, String> docs() {
        Map<String, String> docs = new LinkedHashMap<>();
        docs.put(
                "model",
                "description of the model, HOCON or JSON: the keys of a job file's block model;"
                        + " layers, activation and inputShape go before it");
        docs.put("weightCol", "column of row weights, finite and not negative; without it all weights are 1");
        docs.put(
                "validationIndicatorCol",
                "boolean column: rows that are true are not trained on; their loss is measured after each epoch");
        docs.put(
                "tol",
                "training ends after an epoch whose mean training loss differs from that of the epoch before by less"
                        + " than tol times the larger of the two; 0 for never (number >= 0)");
        docs.put(
                "patience",
                "epochs without a lower validation loss after which training ends; the model is then, and at the last"
                        + " epoch, that of the lowest; 0 for all epochs and the last model; needs validationIndicatorCol"
                        + " (int >= 0)");
        docs.put(
                "checkpointDir",
                "new directory for a run with its checkpoints, metrics and model, any path that Hadoop knows; an"
                        + " unfinished run of the same parameters there goes on; without it nothing is written");
        return docs;
    }

    /** The Param of that name. */
    static Param<?> of(Params owner, String name, String doc) {
        return switch (name) {
            case "tol" -> new DoubleParam(owner.uid(), name, doc, new NotNegative(owner.uid(), name));
            case "patience" -> new IntParam(owner.uid(), name, doc, new NotNegative(owner.uid(), name));
            default -> new Param<String>(owner.uid(), name, doc, String.class);
        };
    }

    /** Description of the model, HOCON or JSON: the keys of a job file's block {@code model}. */
    default Param<String> model() {
        return table().stringParam("model");
    }

    /** Value of {@link #model}. */
    default String getModel() {
        return getOrDefault(model());
    }

    /** Sets {@link #model}. */
    default S setModel(String value) {
        return with(model(), value);
    }

    /** Column of row weights. */
    default Param<String> weightCol() {
        return table().stringParam("weightCol");
    }

    /** Value of {@link #weightCol}. */
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** Sets {@link #weightCol}. */
    default S setWeightCol(String value) {
        return with(weightCol(), value);
    }

    /** Boolean column that marks validation rows. */
    default Param<String> validationIndicatorCol() {
        return table().stringParam("validationIndicatorCol");
    }

    /** Value of {@link #validationIndicatorCol}. */
    default String getValidationIndicatorCol() {
        return getOrDefault(validationIndicatorCol());
    }

    /** Sets {@link #validationIndicatorCol}. */
    default S setValidationIndicatorCol(String value) {
        return with(validationIndicatorCol(), value);
    }

    /** Relative change of an epoch's training loss below which training ends. */
    default DoubleParam tol() {
        return table().doubleParam("tol");
    }

    /** Value of {@link #tol}. */
    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    /** Sets {@link #tol}. */
    default S setTol(double value) {
        return with(tol(), value);
    }

    /** Epochs without a lower validation loss after which training ends. */
    default IntParam patience() {
        return table().intParam("patience");
    }

    /** Value of {@link #patience}. */
    default int getPatience() {
        return (Integer) getOrDefault(patience());
    }

    /** Sets {@link #patience}. */
    default S setPatience(int value) {
        return with(patience(), value);
    }

    /** Directory of the run, with checkpoints. */
    default Param<String> checkpointDir() {
        return table().stringParam("checkpointDir");
    }

    /** Value of {@link #checkpointDir}. */
    default String getCheckpointDir() {
        return getOrDefault(checkpointDir());
    }

    /** Sets {@link #checkpointDir}. */
    default S setCheckpointDir(String value) {
        return with(checkpointDir(), value);
    }

    /** Numbers from 0 on. */
    final class NotNegative extends AbstractFunction1<Object, Object> implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        private final String uid;
        private final String name;

        NotNegative(String uid, String name) {
            this.uid = uid;
            this.name = name;
        }

        @Override
        public Object apply(Object value) {
            double number = ((Number) value).doubleValue();
            if (!(number >= 0 && number < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        uid + ": parameter " + name + ": found " + value + ", expected a number >= 0");
            }
            return true;
        }
    }
}

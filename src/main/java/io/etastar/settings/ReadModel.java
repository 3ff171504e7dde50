package io.etastar.settings;

import io.etastar.graph.ModelDescription;
import java.util.function.UnaryOperator;

/** What was read of a job's model last: a file may be large, and what is said of it is to be said once. */
final class ReadModel {
    private ModelDescription keys;
    private ModelDescription read;

    /**
     * The model of these keys.
     *
     * @param reading is asked if other keys were read before, or none
     */
    synchronized ModelDescription of(ModelDescription wanted, UnaryOperator<ModelDescription> reading) {
        if (read == null || !wanted.equals(keys)) {
            read = reading.apply(wanted);
            keys = wanted;
        }
        return read;
    }
}

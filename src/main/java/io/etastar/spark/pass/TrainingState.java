package io.etastar.spark.pass;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters and the state of what updates them, as they travel: in double precision, not rounded.
 *
 * @param theta parameters [P]
 * @param arrays the state, by name
 */
record TrainingState(RawArray theta, LinkedHashMap<String, RawArray> arrays) implements Serializable {
    /** Of arrays that are shared. */
    static TrainingState of(double[] theta, Map<String, double[]> state) {
        LinkedHashMap<String, RawArray> arrays = new LinkedHashMap<>();
        state.forEach((name, values) -> arrays.put(name, RawArray.of(values)));
        return new TrainingState(RawArray.of(theta), arrays);
    }

    /** The state; its arrays are shared. */
    Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        arrays.forEach((name, values) -> state.put(name, values.doubles()));
        return state;
    }

    /** Bytes of all arrays. */
    long bytes() {
        long numbers = theta.length();
        for (RawArray array : arrays.values()) {
            numbers += array.length();
        }
        return numbers * Double.BYTES;
    }
}

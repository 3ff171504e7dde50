package io.etastar.experiment.comparison;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.etastar.settings.schema.Binder;
import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Located;
import io.etastar.settings.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of one workload. */
public record WorkloadSettings(
        @Key(value = "false", doc = "whether choices are made on it; if not, it is held out: run with --held-out alone")
        boolean chosenOn,

        @Key(min = 1, doc = "gradient passes of a budget of 1: gradients of single rows")
        int unit,

        @Key(min = 1, doc = "training rows, the first ones; by default all")
        int rows,

        @Key(min = 1, doc = "rows of a batch; each is a cell of its own with each budget")
        List<Integer> batches,

        @Key(value = "{}", doc = "a job file without its optimizer, in force over the block job of all workloads")
        Map<String, Object> job) {
    private static final Schema SCHEMA = Schema.of(WorkloadSettings.class);

    /** All keys. */
    public static Schema schema() {
        return SCHEMA;
    }

    /**
     * Reads the keys of a workload.
     *
     * @param path of its block, for messages
     * @throws io.etastar.UserError in one line {@code FILE:LINE: key 'x': found ..., expected ...}
     */
    static WorkloadSettings of(String path, ConfigValue block) {
        if (!(block instanceof ConfigObject keys)) {
            throw Schema.error(path, block, "a block of keys");
        }
        Map<String, Object> values = new TreeMap<>(SCHEMA.defaults());
        Map<String, Located> given = SCHEMA.read(keys);
        given.forEach((key, located) -> values.put(key, located.value()));
        for (String needed : List.of("unit", "batches")) {
            if (!given.containsKey(needed)) {
                throw Schema.error(
                        path, block, needed + ": " + SCHEMA.of(needed).expected());
            }
        }
        return Binder.bind(WorkloadSettings.class, "", values);
    }
}

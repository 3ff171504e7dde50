package io.etastar.settings;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.etastar.settings.schema.Located;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Bundles of settings for newton-summary: each gives defaults of other keys, and a key that is set wins. */
public enum Preset {
    /** The rule of arXiv 2312.03885 with values found by experiments of this project. */
    PUBLISHED("partition = wb, optimizer { decay = linear, damping = 0.4 }"),

    /** Lengths of steps are solved for, along Muon's direction where the products that it takes are affordable. */
    SOLVED("""
            partition = canonical
            optimizer {
              decay = none, period = 120, curvature = ggn
              base { name = muon, muon { momentum = 0.8, max_side = 256 } }
            }
            """),

    /** The run scripts of January 2024, which the first versions of arXiv 2312.03885 go back to. */
    PUBLISHED_2023("""
            partition = canonical
            summary { rows = drawn, batch = 1000 }
            optimizer {
              decay = none, period = 10, damping = 0.1, mom_lrs = 0.5, rate_bound = 0
              plateau { of = damping, factor = 0.5, patience = 0, threshold = 1.0e-4 }
              base { name = sgd, momentum = 0.9, dampening = 0.9 }
            }
            """),

    /** The run scripts of March 2025, which later versions go back to. */
    PUBLISHED_2025("""
            partition = canonical
            summary.rows = drawn
            optimizer {
              decay = none, period = 10, damping = 0.1, mom_lrs = 0, rate_bound = 0
              average { kind = uniform, period = 3, warmup = 3 }
              plateau { of = damping, factor = 0.5, patience = 2, threshold = 1.0e-4 }
              base { name = sgd, momentum = 0.9, dampening = 0 }
            }
            """);

    /** Name of the one in force if a job names none. */
    static final String DEFAULT = "solved";

    private static final String KEY = "optimizer.preset";
    private static final String OPTIMIZER = "optimizer.name";
    private static final String BATCH = "training.batch";
    private static final String MOMENTUM = "optimizer.base.muon.momentum";

    private final String keys;

    Preset(String keys) {
        this.keys = keys;
    }

    /** The defaults that this one changes, by path; a new map. */
    Map<String, Object> defaults() {
        ConfigParseOptions origin = ConfigParseOptions.defaults().setOriginDescription("preset " + this);
        Map<String, Object> values = new TreeMap<>();
        JobSettings.schema()
                .read(ConfigFactory.parseString(keys, origin).root())
                .forEach((path, located) -> values.put(path, located.value()));
        return values;
    }

    /**
     * The defaults that a job's preset changes, by path; none if its optimizer is not newton-summary.
     *
     * @param given keys of the job
     */
    static Map<String, Object> defaults(Map<String, Located> given) {
        if (!inForce(given, OPTIMIZER).equals(OptimizerSettings.Name.NEWTON_SUMMARY.toString())) {
            return Map.of();
        }
        String name = inForce(given, KEY).toString();
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')).defaults();
    }

    /**
     * The defaults that a job's preset changes by the batch that the job gives; none if it gives no number.
     *
     * @param given keys of the job
     */
    static Map<String, Object> ofBatch(Map<String, Located> given) {
        boolean follows = defaults(given).containsKey(MOMENTUM) && !given.containsKey(MOMENTUM);
        return follows && inForce(given, BATCH) instanceof Integer rows ? Map.of(MOMENTUM, momentum(rows)) : Map.of();
    }

    /**
     * Momentum of Muon's direction: 0.8 from 100 rows a step on. In smaller batches a gradient's share falls by as much with each row that
     * follows, 0.8^(batch / 100), up to 0.9: the direction is a mean of as many rows, not of as many steps. To three decimals. More than 0.9
     * learns rows by heart. So does more than 0.8 in automatic batches below 100, those of tables of some 3000 rows or fewer.
     */
    static double momentum(int batch) {
        double momentum = Math.min(0.9, Math.pow(0.8, Math.min(1, batch / 100.0)));
        return Math.round(1000 * momentum) / 1000.0;
    }

    private static Object inForce(Map<String, Located> given, String path) {
        Located located = given.get(path);
        return located == null ? JobSettings.schema().of(path).defaultValue() : located.value();
    }

    /** Its name in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

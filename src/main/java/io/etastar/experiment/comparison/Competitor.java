package io.etastar.experiment.comparison;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.settings.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One of the optimizers that are compared.
 *
 * @param name in results
 * @param group what it belongs to: {@link #OURS}, {@link #UNTUNED}, or the tuned optimizer that it is with one rate
 * @param keys of a job file's block optimizer, and perhaps a block job
 */
record Competitor(String name, String group, ConfigValue keys) {
    static final String OURS = "ours";
    static final String UNTUNED = "untuned";
    private static final String RATES = "rates";

    /**
     * All competitors of a file: those of its optimizers, then each tuned one with each rate and variant.
     *
     * @throws UserError if a grid is wrong, or a name is there twice
     */
    static List<Competitor> of(ExperimentFile file) {
        List<Competitor> all = new ArrayList<>();
        List<String> ours = file.list("ours", String.class);
        ConfigObject optimizers = file.block("optimizers");
        for (String name : ExperimentFile.names(optimizers)) {
            String group = ours.contains(name) ? OURS : UNTUNED;
            all.add(new Competitor(name, group, Objects.requireNonNull(optimizers.get(name))));
        }
        ConfigObject tuned = file.block("tuned");
        for (String name : ExperimentFile.names(tuned)) {
            all.addAll(grid(file, name, Objects.requireNonNull(tuned.get(name))));
        }
        long names = all.stream().map(Competitor::name).distinct().count();
        if (names < all.size()) {
            throw file.mistake("optimizers", "names that differ from each other and from those of tuned ones");
        }
        return all;
    }

    private static List<Competitor> grid(ExperimentFile file, String name, ConfigValue value) {
        String path = "tuned." + name;
        if (!(value instanceof ConfigObject block) || !(block.get(RATES) instanceof ConfigList rates)) {
            throw Schema.error(path, value, "a block of keys with a list " + RATES);
        }
        ConfigObject variants = file.block("variants");
        Config keys = block.withoutKey(RATES).toConfig();
        List<Competitor> grid = new ArrayList<>();
        for (ConfigValue rate : rates) {
            if (!(rate.unwrapped() instanceof Number number) || !(number.doubleValue() > 0)) {
                throw Schema.error(path + "." + RATES, rates, "numbers > 0");
            }
            Config rated = keys.withValue("lr", ConfigValueFactory.fromAnyRef(number, "rates of " + path));
            String of = name + "-" + text(number.doubleValue());
            if (variants.isEmpty()) {
                grid.add(new Competitor(of, name, rated.root()));
            }
            for (String variant : ExperimentFile.names(variants)) {
                ConfigValue more = Objects.requireNonNull(variants.get(variant));
                if (!(more instanceof ConfigObject own)) {
                    throw Schema.error("variants." + variant, more, "a block of keys");
                }
                grid.add(new Competitor(of + "-" + variant, name, own.withFallback(rated.root())));
            }
        }
        return grid;
    }

    /** A rate as it stands in names: 3e-4 for 0.0003. */
    private static String text(double rate) {
        String[] parts = String.format(Locale.ROOT, "%.6e", rate).split("e");
        String digits = parts[0].replaceFirst("\\.?0+$", "").replace(".", "_");
        return digits + "e" + Integer.parseInt(parts[1]);
    }
}

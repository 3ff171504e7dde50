package io.etastar.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.etastar.UserError;
import io.etastar.settings.schema.Binder;
import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Located;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The block {@code optimizer}: an optimizer and everything that can be set on it; each reads its own part. */
public record OptimizerSettings(
        @Key.Flat Rate rate,
        @Key.Flat NewtonSettings newton,
        GenSettings gen,
        LodoSettings lodo,
        LbfgsSettings lbfgs,
        KfacSettings kfac,
        ScheduleFreeSettings scheduleFree,
        DistanceSettings distance,
        ModelAverageSettings modelAverage,
        BaseRuleSettings base)
        implements Serializable {
    /** An optimizer. */
    public enum Name {
        NEWTON_SUMMARY,
        NEWTON_STOCHASTIC_HV,
        GEN,
        LODO,
        L_BFGS,
        O_LBFGS,
        K_FAC,
        SGD,
        ADAM,
        ADAMW,
        NADAMW,
        RMSPROP,
        YOGI,
        LARS,
        MUON,
        SCHEDULE_FREE_ADAMW,
        PRODIGY,
        D_ADAPTED_ADAM;

        /** Its name in files. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What an optimizer needs of a run. */
    public enum Need {
        /** A learning rate that is given. */
        LEARNING_RATE,
        /** Batches for summaries or losses, next to those of its gradients. */
        SUMMARY_BATCHES,
        /** The layers' Kronecker factors. */
        KRONECKER_FACTORS,
        /** All shards in each step: none can make steps by itself. */
        ALL_SHARDS,
        /** The same loss at every step: all rows, nothing random. */
        SAME_LOSS
    }

    /** Which optimizer, and learning rates that are given. */
    public record Rate(
            @Key(
                    value = "newton-summary",
                    doc = "what sets the learning rates: solved from derivatives, learned, or fixed (the base rules)")
            Name name,

            @Key(
                    above = 0,
                    doc = "learning rate if it is fixed; approximate gen: where it begins; by default none,"
                            + " schedule-free-adamw 0.0025, muon 0.02, prodigy and d-adapted-adam 1, a factor on"
                            + " their own step size")
            double lr,

            @Key(
                    oneOf = {"none", "linear", "cosine", "step"},
                    doc =
                            "how learning rates, solved or fixed, change over the run: to 0 in a straight line or half a"
                                    + " cosine, or in steps; by default linear for newton-summary with preset published, else none")
            String decay,

            @Key(value = "10", min = 1, doc = "decay step: epochs between two falls")
            int decayEpochs,

            @Key(value = "0.5", above = 0, max = 1, doc = "decay step: factor at each fall")
            double decayFactor,

            @Key(value = "0.1", above = 0, doc = "newton-stochastic-hv: learning rate of the direction")
            double lrDirection)
            implements Serializable {}

    /**
     * The keys of the block in HOCON, over the defaults: {@code "name = sgd, lr = 0.1, base.momentum = 0"}.
     *
     * @throws UserError if one is unknown or out of range
     */
    public static OptimizerSettings of(String keys) {
        return of(ConfigFactory.parseString(keys, ConfigParseOptions.defaults().setOriginDescription("optimizer")));
    }

    /** The same with keys that were read before. */
    public static OptimizerSettings of(Config keys) {
        Map<String, Located> given =
                JobSettings.schema().read(keys.atPath("optimizer").root());
        Map<String, Object> values = JobSettings.schema().defaults();
        values.putAll(Preset.defaults(given));
        given.forEach((path, located) -> values.put(path, located.value()));
        return Binder.bind(OptimizerSettings.class, "optimizer.", values);
    }

    /** Which optimizer. */
    public Name name() {
        return rate.name();
    }

    /** Learning rate if it is fixed, NaN if none is given and there is no default. */
    public double lr() {
        return Double.isNaN(rate.lr()) ? defaultRate() : rate.lr();
    }

    private double defaultRate() {
        return switch (name()) {
            case SCHEDULE_FREE_ADAMW -> 0.0025;
            case MUON -> 0.02;
            case PRODIGY, D_ADAPTED_ADAM -> 1;
            default -> Double.NaN;
        };
    }

    /** The same with another learning rate. */
    public OptimizerSettings with(double lr) {
        Rate other =
                new Rate(rate.name(), lr, rate.decay(), rate.decayEpochs(), rate.decayFactor(), rate.lrDirection());
        return new OptimizerSettings(other, newton, gen, lodo, lbfgs, kfac, scheduleFree, distance, modelAverage, base);
    }

    /** Whether its steps have a length that is given, by {@code lr}: a rate of its own, to be judged. */
    public boolean hasOwnRate() {
        return isFixed()
                || EnumSet.of(Name.NEWTON_STOCHASTIC_HV, Name.O_LBFGS, Name.SCHEDULE_FREE_ADAMW)
                        .contains(name());
    }

    /** What the optimizer needs of a run. */
    public Set<Need> needs() {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        switch (name()) {
            case NEWTON_SUMMARY -> needs.add(Need.SUMMARY_BATCHES);
            case GEN -> {
                needs.addAll(Set.of(Need.SUMMARY_BATCHES, Need.ALL_SHARDS));
                if (gen.kind().equals("approximate")) {
                    needs.add(Need.LEARNING_RATE);
                }
            }
            case NEWTON_STOCHASTIC_HV, O_LBFGS -> needs.addAll(Set.of(Need.LEARNING_RATE, Need.ALL_SHARDS));
            case LODO, SCHEDULE_FREE_ADAMW, PRODIGY, D_ADAPTED_ADAM -> needs.add(Need.ALL_SHARDS);
            case L_BFGS -> needs.addAll(Set.of(Need.SAME_LOSS, Need.ALL_SHARDS));
            case K_FAC -> needs.addAll(Set.of(Need.LEARNING_RATE, Need.KRONECKER_FACTORS, Need.ALL_SHARDS));
            default -> needs.add(Need.LEARNING_RATE);
        }
        if (hasBase() && base.name().equals("k-fac")) {
            needs.addAll(Set.of(Need.KRONECKER_FACTORS, Need.ALL_SHARDS));
        }
        return needs;
    }

    /** Whether the learning rate is fixed: that of a base rule. */
    private boolean isFixed() {
        return EnumSet.of(
                        Name.SGD,
                        Name.ADAM,
                        Name.ADAMW,
                        Name.NADAMW,
                        Name.RMSPROP,
                        Name.YOGI,
                        Name.LARS,
                        Name.MUON,
                        Name.K_FAC)
                .contains(name());
    }

    /** Whether a base rule gives the direction under solved learning rates. */
    private boolean hasBase() {
        return name() == Name.NEWTON_SUMMARY || name() == Name.GEN;
    }

    /** The average of the parameters that becomes the model: the one given, or that of solved lengths. */
    public ModelAverageSettings average() {
        return name() == Name.NEWTON_SUMMARY && newton.isSolved() ? ModelAverageSettings.OF_LAST_STEPS : modelAverage;
    }

    /**
     * What is at odds among settings that are each within their range.
     *
     * @return null if nothing is
     */
    public Mistake mistake() {
        if (needs().contains(Need.LEARNING_RATE) && Double.isNaN(lr())) {
            return new Mistake("optimizer.lr", "nothing", "number > 0: optimizer " + name() + " needs it");
        }
        if (name() == Name.GEN && gen.highest() < gen.lowest()) {
            return new Mistake("optimizer.gen.highest", gen.highest(), "at least lowest, " + gen.lowest());
        }
        if (modelAverage.isOn() && !isFixed()) {
            return new Mistake(
                    "optimizer.model_average.kind",
                    modelAverage.kind(),
                    "none with optimizer " + name() + ": base rules with a fixed rate have it");
        }
        boolean adam = name() == Name.ADAM || hasBase() && base.name().equals("adam");
        if (adam && base.weightDecay() != 0) {
            return new Mistake(
                    "optimizer.base.weight_decay",
                    base.weightDecay(),
                    "0 if the base rule is adam: adamw has a weight decay");
        }
        return null;
    }

    /**
     * A setting at odds with others.
     *
     * @param path of the key
     * @param found its value
     * @param expected what it should be
     */
    public record Mistake(String path, Object found, String expected) {}
}

package io.etastar.optimizer.registry;

import io.etastar.UserError;
import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.BaseRules;
import io.etastar.optimizer.Check;
import io.etastar.optimizer.FixedRate;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.gen.ApproximateGen;
import io.etastar.optimizer.gen.Gen;
import io.etastar.optimizer.kfac.KfacRule;
import io.etastar.optimizer.lbfgs.Lbfgs;
import io.etastar.optimizer.lbfgs.OnlineLbfgs;
import io.etastar.optimizer.lodo.LearnedInverses;
import io.etastar.optimizer.lodo.Lodo;
import io.etastar.optimizer.newton.NewtonStochasticHv;
import io.etastar.optimizer.newton.NewtonSummary;
import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.optimizer.settings.GenSettings;
import io.etastar.optimizer.settings.KfacSettings;
import io.etastar.optimizer.settings.LbfgsSettings;
import io.etastar.optimizer.settings.NewtonSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;

/** Optimizers by name. */
public final class Optimizers {
    private static final String KEY = "optimizer.";

    private Optimizers() {}

    /**
     * An optimizer in its initial state.
     *
     * @param settings which one, and its values; those it does not use are ignored
     * @param partition of the parameters; gives their number, and the subsets if there is a rate per subset
     * @throws UserError if a name is unknown or a value out of range
     */
    public static Optimizer create(OptimizerSettings settings, Partition partition) {
        ParameterLayout layout = partition.layout();
        return switch (settings.name()) {
            case "newton-summary" -> newtonSummary(settings, partition);
            case "newton-stochastic-hv" -> newtonStochasticHv(settings, layout);
            case "gen" -> gen(settings, partition);
            case "k-fac" -> kfac(settings, layout);
            case "lodo" -> lodo(settings, layout.size());
            case "l-bfgs" -> lbfgs(settings, layout);
            case "o-lbfgs" -> onlineLbfgs(settings, layout);
            case "sgd", "adam", "adamw", "rmsprop", "yogi", "lars" -> fixedRate(settings, layout);
            default ->
                throw new UserError(KEY + "name: found '" + settings.name()
                        + "', expected newton-summary, newton-stochastic-hv, gen, lodo, k-fac, l-bfgs, o-lbfgs"
                        + " or a base rule: sgd, adam, adamw, rmsprop, yogi, lars");
        };
    }

    private static Optimizer newtonSummary(OptimizerSettings settings, Partition partition) {
        NewtonSettings newton = settings.newton();
        Check.that(newton.period() >= 1, KEY + "period", newton.period(), "a whole number from 1");
        Check.positive(KEY + "damping", newton.damping());
        Check.notNegative(KEY + "damping_int", newton.dampingInt());
        Check.fraction(KEY + "mom_lrs", newton.momLrs());
        Check.notNegative(KEY + "ridge", newton.ridge());
        Check.oneOf(KEY + "solve", newton.solve(), "cubic", "ridge", "newton");
        Check.oneOf(KEY + "on_failure", newton.onFailure(), "zero", "previous");
        NewtonSettings.AverageSettings average = newton.average();
        Check.oneOf(KEY + "average.kind", average.kind(), "none", "moving", "uniform");
        Check.fraction(KEY + "average.decay", average.decay());
        Check.fraction(KEY + "average.decay_d", average.decayD());
        Check.that(average.period() >= 1, KEY + "average.period", average.period(), "a whole number from 1");
        Check.that(average.warmup() >= 0, KEY + "average.warmup", average.warmup(), "a whole number from 0");
        NewtonSettings.PlateauSettings plateau = newton.plateau();
        Check.oneOf(KEY + "plateau.of", plateau.of(), "none", "damping", "damping_int");
        Check.positive(KEY + "plateau.factor", plateau.factor());
        Check.that(plateau.patience() >= 0, KEY + "plateau.patience", plateau.patience(), "a whole number from 0");
        Check.fraction(KEY + "plateau.threshold", plateau.threshold());
        return new NewtonSummary(settings, base(settings, partition.layout()), partition);
    }

    private static Optimizer lodo(OptimizerSettings settings, int size) {
        return new Lodo(settings, LearnedInverses.create(settings.lodo(), size), size);
    }

    private static Optimizer newtonStochasticHv(OptimizerSettings settings, ParameterLayout layout) {
        Check.positive(KEY + "lr", settings.lr());
        Check.positive(KEY + "lr_direction", settings.lrDirection());
        Check.notNegative(KEY + "ridge", settings.newton().ridge());
        return new NewtonStochasticHv(settings, layout.size());
    }

    private static Optimizer gen(OptimizerSettings settings, Partition partition) {
        GenSettings gen = settings.gen();
        String key = KEY + "gen.";
        Check.oneOf(key + "kind", gen.kind(), "exact", "subsets", "approximate");
        Check.that(gen.period() >= 1, key + "period", gen.period(), "a whole number from 1");
        Check.fraction(key + "smoothing", gen.smoothing());
        Check.that(gen.points() == 3 || gen.points() == 5, key + "points", gen.points(), "3 or 5");
        Check.that(gen.fit() >= 0 && gen.fit() <= 1, key + "fit", gen.fit(), "a number from 0 to 1");
        Check.notNegative(key + "lowest", gen.lowest());
        Check.positive(key + "highest", gen.highest());
        Check.that(gen.highest() >= gen.lowest(), key + "highest", gen.highest(), "at least lowest, " + gen.lowest());
        Check.notNegative(key + "fallback", gen.fallback());
        BaseRule base = base(settings, partition.layout());
        if (!gen.kind().equals("approximate")) {
            return new Gen(settings, base, partition);
        }
        Check.positive(KEY + "lr", settings.lr());
        return new ApproximateGen(settings, base);
    }

    private static Optimizer lbfgs(OptimizerSettings settings, ParameterLayout layout) {
        memory(settings.lbfgs());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new Lbfgs(settings, layout.size());
    }

    private static Optimizer onlineLbfgs(OptimizerSettings settings, ParameterLayout layout) {
        LbfgsSettings lbfgs = settings.lbfgs();
        memory(lbfgs);
        Check.positive(KEY + "lr", settings.lr());
        Check.positive(KEY + "lbfgs.tau", lbfgs.tau());
        Check.notNegative(KEY + "lbfgs.regularisation", lbfgs.regularisation());
        Check.positive(KEY + "lbfgs.first", lbfgs.first());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new OnlineLbfgs(settings, layout.size());
    }

    private static void memory(LbfgsSettings settings) {
        Check.that(settings.memory() >= 1, KEY + "lbfgs.memory", settings.memory(), "a whole number from 1");
    }

    private static Optimizer kfac(OptimizerSettings settings, ParameterLayout layout) {
        Check.positive(KEY + "lr", settings.lr());
        Check.notNegative(KEY + "kfac.clip", settings.kfac().clip());
        return new FixedRate(kfacRule(settings, layout, settings.kfac().clip()), settings);
    }

    /** The direction under solved learning rates. */
    private static BaseRule base(OptimizerSettings settings, ParameterLayout layout) {
        return settings.base().name().equals("k-fac")
                ? kfacRule(settings, layout, 0)
                : BaseRules.create(settings.base(), layout);
    }

    private static BaseRule kfacRule(OptimizerSettings settings, ParameterLayout layout, double clip) {
        KfacSettings kfac = settings.kfac();
        Check.fraction(KEY + "kfac.decay", kfac.decay());
        Check.positive(KEY + "kfac.damping", kfac.damping());
        Check.that(kfac.factorPeriod() >= 1, KEY + "kfac.factor_period", kfac.factorPeriod(), "a whole number from 1");
        Check.that(
                kfac.inversePeriod() >= 1, KEY + "kfac.inverse_period", kfac.inversePeriod(), "a whole number from 1");
        Check.fraction(KEY + "base.momentum", settings.base().momentum());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new KfacRule(settings, layout, clip);
    }

    private static Optimizer fixedRate(OptimizerSettings settings, ParameterLayout layout) {
        Check.positive(KEY + "lr", settings.lr());
        BaseRuleSettings named = settings.base().named(settings.name());
        return new FixedRate(BaseRules.create(named, layout), settings);
    }
}

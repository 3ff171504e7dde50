package io.etastar.optimizer.registry;

import io.etastar.UserError;
import io.etastar.optimizer.AveragedModel;
import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.BaseRules;
import io.etastar.optimizer.DAdaptedAdam;
import io.etastar.optimizer.FixedRate;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.Prodigy;
import io.etastar.optimizer.ScheduleFreeAdamW;
import io.etastar.optimizer.gen.ApproximateGen;
import io.etastar.optimizer.gen.Gen;
import io.etastar.optimizer.kfac.KfacRule;
import io.etastar.optimizer.lbfgs.Lbfgs;
import io.etastar.optimizer.lbfgs.OnlineLbfgs;
import io.etastar.optimizer.lodo.LearnedInverses;
import io.etastar.optimizer.lodo.Lodo;
import io.etastar.optimizer.newton.NewtonStochasticHv;
import io.etastar.optimizer.newton.NewtonSummary;
import io.etastar.optimizer.newton.SolvedLengths;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.settings.ModelAverageSettings;
import io.etastar.settings.OptimizerSettings;

/** Optimizers by name. */
public final class Optimizers {
    private Optimizers() {}

    /**
     * An optimizer in its initial state.
     *
     * @param spec which one, and its values; those it does not use are ignored
     * @param partition of the parameters; gives their number, and the subsets if there is a rate per subset
     * @throws UserError if settings are at odds
     */
    public static Optimizer create(OptimizerSpec spec, Partition partition) {
        OptimizerSettings settings = spec.settings();
        OptimizerSettings.Mistake mistake = settings.mistake();
        if (mistake != null) {
            throw new UserError(UserError.Subject.of(mistake.path()), mistake.found(), mistake.expected());
        }
        Optimizer steps = steps(spec, partition);
        ModelAverageSettings average = settings.average();
        return average.isOn()
                ? new AveragedModel(steps, average, partition.layout().size())
                : steps;
    }

    private static Optimizer steps(OptimizerSpec spec, Partition partition) {
        OptimizerSettings settings = spec.settings();
        ParameterLayout layout = partition.layout();
        int size = layout.size();
        return switch (settings.name()) {
            case NEWTON_SUMMARY ->
                settings.newton().isSolved()
                        ? new SolvedLengths(spec, base(spec, layout), partition)
                        : new NewtonSummary(spec, base(spec, layout), partition);
            case NEWTON_STOCHASTIC_HV -> new NewtonStochasticHv(spec, size);
            case GEN ->
                settings.gen().kind().equals("approximate")
                        ? new ApproximateGen(spec, base(spec, layout))
                        : new Gen(spec, base(spec, layout), partition);
            case SCHEDULE_FREE_ADAMW -> new ScheduleFreeAdamW(spec, size);
            case PRODIGY -> new Prodigy(spec, size);
            case D_ADAPTED_ADAM -> new DAdaptedAdam(spec, size);
            case LODO -> new Lodo(spec, LearnedInverses.create(settings.lodo(), spec.seed(), size), size);
            case L_BFGS -> new Lbfgs(settings, size);
            case O_LBFGS -> new OnlineLbfgs(spec, size);
            case K_FAC ->
                new FixedRate(new KfacRule(spec, layout, settings.kfac().clip()), spec);
            case SGD, ADAM, ADAMW, NADAMW, RMSPROP, YOGI, LARS, MUON ->
                new FixedRate(
                        BaseRules.create(settings.base().named(settings.name().toString()), layout), spec);
        };
    }

    /** The direction under solved learning rates. */
    private static BaseRule base(OptimizerSpec spec, ParameterLayout layout) {
        return spec.settings().base().name().equals("k-fac")
                ? new KfacRule(spec, layout, 0)
                : BaseRules.create(spec.settings().base(), layout);
    }
}

package io.etastar.config;

import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.optimizer.settings.GenSettings;
import io.etastar.optimizer.settings.KfacSettings;
import io.etastar.optimizer.settings.LbfgsSettings;
import io.etastar.optimizer.settings.LodoSettings;
import io.etastar.optimizer.settings.NewtonSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.optimizer.settings.Schedule;
import java.util.Map;
import java.util.Set;

/** The block {@code optimizer} of a job file as settings. */
final class OptimizerKeys {
    private static final Set<String> OWN_RATES = Set.of("newton-summary", "lodo", "l-bfgs");

    private final Map<String, Object> values;

    /** @param values all keys in force */
    OptimizerKeys(Map<String, Object> values) {
        this.values = values;
    }

    /** Whether the optimizer has no learning rate unless one is given. */
    boolean needsRate() {
        String name = text("name");
        return !OWN_RATES.contains(name)
                && !(name.equals("gen") && !text("gen.kind").equals("approximate"));
    }

    OptimizerSettings settings() {
        return new OptimizerSettings(
                text("name"),
                base(),
                value("lr") == null ? Double.NaN : number("lr"),
                Schedule.NONE,
                newton(),
                number("lr_direction"),
                gen(),
                lodo(),
                new LbfgsSettings(
                        integer("lbfgs.memory"),
                        number("lbfgs.tau"),
                        number("lbfgs.regularisation"),
                        number("lbfgs.first")),
                new KfacSettings(
                        number("kfac.decay"),
                        number("kfac.damping"),
                        number("kfac.clip"),
                        integer("kfac.factor_period"),
                        integer("kfac.inverse_period"),
                        text("kfac.fisher").equals("sampled")));
    }

    Schedule schedule(long stepsPerEpoch, int epochs, int maxSteps) {
        long steps = stepsPerEpoch * epochs;
        return new Schedule(
                text("decay"),
                maxSteps == 0 ? steps : Math.min(steps, maxSteps),
                stepsPerEpoch * integer("decay_epochs"),
                number("decay_factor"));
    }

    private BaseRuleSettings base() {
        return new BaseRuleSettings(
                text("base.name"),
                number("base.momentum"),
                number("base.dampening"),
                number("base.weight_decay"),
                number("base.beta1"),
                number("base.beta2"),
                value("base.eps") == null ? Double.NaN : number("base.eps"),
                number("base.rho"),
                number("base.trust"));
    }

    private NewtonSettings newton() {
        String average = text("average.kind");
        String onFailure = text("on_failure");
        return new NewtonSettings(
                integer("period"),
                number("damping"),
                number("damping_int"),
                number("mom_lrs"),
                truth("remove_negative"),
                truth("maintain"),
                text("solve"),
                number("ridge"),
                truth("diagonal"),
                truth("normalise"),
                onFailure != null ? onFailure : average.equals("uniform") ? "previous" : "zero",
                new NewtonSettings.AverageSettings(
                        average,
                        number("average.decay"),
                        number("average.decay_d"),
                        integer("average.period"),
                        integer("average.warmup")),
                new NewtonSettings.PlateauSettings(
                        text("plateau.of"),
                        number("plateau.factor"),
                        integer("plateau.patience"),
                        number("plateau.threshold")),
                text("summary_direction").equals("previous"),
                (Boolean) values.get("report.measure_decrease"));
    }

    private GenSettings gen() {
        return new GenSettings(
                text("gen.kind"),
                integer("gen.period"),
                number("gen.smoothing"),
                Integer.parseInt(text("gen.points")),
                number("gen.fit"),
                number("gen.lowest"),
                number("gen.highest"),
                number("gen.fallback"));
    }

    private LodoSettings lodo() {
        String kind = text("lodo.kind");
        return new LodoSettings(
                kind,
                number("lodo.initial"),
                number("lodo.meta_lr"),
                text("lodo.meta"),
                number("lodo.beta"),
                value("lodo.layers") != null ? integer("lodo.layers") : kind.equals("residuals") ? 64 : 16,
                integer("lodo.block"),
                (Integer) values.get("seed"));
    }

    private Object value(String key) {
        return values.get("optimizer." + key);
    }

    private String text(String key) {
        return (String) value(key);
    }

    private int integer(String key) {
        return (Integer) value(key);
    }

    private double number(String key) {
        return (Double) value(key);
    }

    private boolean truth(String key) {
        return (Boolean) value(key);
    }
}

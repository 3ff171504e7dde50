package io.etastar.training;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.settings.Configuration;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.function.Consumer;

/**
 * A plan in the middle of its training.
 *
 * @param plan whose parameters and optimizer are those of the point
 * @param step number of steps made before, 0 if that is where a new run begins
 */
public record StartingPoint(TrainingPlan plan, long step) {
    /**
     * The newest point of a run, complete or not, or a model that is stored.
     *
     * @param job of the plan, without anything automatic
     * @param path directory of the run, or of a model
     * @param say takes one line each if the optimizer, or the run, starts anew
     * @throws UserError if there is nothing, or the model is another one
     */
    public static StartingPoint of(Configuration job, TrainingPlan plan, String path, Consumer<String> say) {
        boolean unfinished = !FileAccess.exists(FileAccess.path(path + "/model"))
                && FileAccess.exists(FileAccess.path(path + "/checkpoints"));
        WarmStart warm = unfinished ? unfinished(job, plan, path) : WarmStart.read(path);
        if (!unfinished) {
            WarmStart.check(job, ModelDescription.of(warm.model()), path);
        }
        TrainingPlan from = warm.on(plan, say);
        boolean goesOn = from.method() != plan.method();
        long made = goesOn ? warm.state().step() : 0;
        if (made >= plan.steps()) {
            say.accept("the run in " + path + " has ended after " + made
                    + " steps: what is looked at begins where a new run from its model would");
            made = 0;
        }
        return new StartingPoint(from, made);
    }

    private static WarmStart unfinished(Configuration job, TrainingPlan plan, String path) {
        Configuration run = Configuration.ofRun(path + "/config.json", List.of());
        if (!run.model().equals(job.model())) {
            WarmStart.check(job, ModelShape.loaded(run), path);
        }
        Checkpoint last = new CheckpointStore(path, 1).newestValid().checkpoint();
        Model model = plan.model().build();
        if (last == null || last.theta().length != model.layout().size()) {
            String found = last == null ? "no checkpoint that is whole" : last.theta().length + " parameters";
            throw new UserError(
                    UserError.Subject.of(path),
                    found,
                    "one of " + model.layout().size() + " parameters");
        }
        double[] mean = last.optimizerState().get(TrainingLoop.TARGET_MEAN);
        double[] deviation = last.optimizerState().get(TrainingLoop.TARGET_DEVIATION);
        Standardisation targets = mean == null ? null : new Standardisation(mean, deviation);
        Standardisation features = plan.data().standardisation();
        StoredModel stored = new StoredModel(
                plan.model().json(),
                model.layout(),
                RawArray.of(TargetUnits.unscaled(last.theta(), model.layout(), targets)),
                features == null ? null : features.mean(),
                features == null ? null : features.deviation(),
                model.classes());
        return new WarmStart(path, stored, last);
    }
}

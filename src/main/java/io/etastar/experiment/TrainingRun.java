package io.etastar.experiment;

import io.etastar.quantity.LossSum;
import io.etastar.report.Listeners;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunDirectory;
import io.etastar.report.RunListener;
import io.etastar.settings.Configuration;
import io.etastar.storage.ModelDirectory;
import io.etastar.training.Trainer;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;

/** One run of a job, as {@code jobs/train.sh} makes it, in a directory of its own that goes with it unless it is wanted. */
final class TrainingRun implements AutoCloseable {
    private final Path directory;
    private final boolean kept;
    private final RunDirectory run;
    private final MetricsWriter metrics;
    private final Trainer trainer;

    /**
     * @param name of the run's directory in the experiment's output
     * @param listener hears what happens, after the metrics were written
     */
    TrainingRun(RunContext context, Configuration configuration, TrainingPlan plan, String name, RunListener listener) {
        Path output = context.output();
        kept = output != null;
        try {
            directory = output != null ? output.resolve(name) : Files.createTempDirectory("etastar-experiment-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run = RunDirectory.create(directory.toString(), configuration.resolved());
        metrics = run.openMetrics();
        trainer =
                new Trainer(context.spark().get(), plan, new Listeners(List.of(metrics, listener)), run.path(), false);
    }

    /**
     * Trains.
     *
     * @throws io.etastar.training.TrainingDiverged if a loss, gradient or parameter is not finite
     */
    TrainingResult train() {
        return trainer.run();
    }

    /** The trained parameters [P], as the model's file has them. */
    double[] parameters() {
        return ModelDirectory.read(run.path()).theta().toDoubles();
    }

    /** Loss of the trained model over all training rows, without dropout and without what varies training rows. */
    LossSum trainingLoss() {
        return trainer.trainingLoss(parameters());
    }

    @Override
    public void close() {
        metrics.close();
        if (!kept) {
            FileUtil.fullyDelete(directory.toFile());
        }
    }
}

package io.etastar.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.report.Listeners;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunDirectory;
import io.etastar.report.RunListener;
import io.etastar.settings.Configuration;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.FileAccess;
import io.etastar.training.Fitting;
import io.etastar.training.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** One run of a plan: in memory, or with a run directory that an unfinished run goes on in. */
final class FitRun {
    private final NeuralNetworkParams<?> params;
    private final Configuration job;
    private final TrainingPlan plan;

    FitRun(NeuralNetworkParams<?> params, Configuration job, TrainingPlan plan) {
        this.params = params;
        this.job = job;
        this.plan = plan;
    }

    FrameFit.Result run(SparkContext context) {
        JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
        FitHistory history = new FitHistory(
                params.uid(), params.getTol(), params.getPatience(), plan.data().test() != null);
        Fitting.Fitted fitted =
                params.isDefined(params.checkpointDir()) ? written(java, history) : run(java, history, null, false);
        return new FrameFit.Result(fitted.model(), history.summary(plan.method().groups(), fitted.result()));
    }

    private Fitting.Fitted run(JavaSparkContext context, FitHistory history, String directory, boolean resume) {
        return Fitting.run(context, plan, history, history, directory, resume);
    }

    private Fitting.Fitted written(JavaSparkContext context, FitHistory history) {
        String directory = params.getCheckpointDir();
        boolean resume = isUnfinished(directory);
        RunDirectory run = resume
                ? RunDirectory.resume(directory, configuration())
                : RunDirectory.create(directory, configuration());
        try (MetricsWriter metrics = run.openMetrics()) {
            if (resume) {
                var newest = new CheckpointStore(run.path(), 1).newestValid().checkpoint();
                metrics.truncateTo(newest == null ? 0 : newest.step());
            }
            RunListener both = new Listeners(List.of(metrics, history));
            return Fitting.run(context, plan, both, history, run.path(), resume);
        }
    }

    /**
     * Whether there is a run to go on with: one that has no model yet.
     *
     * @throws IllegalArgumentException if there is one that ended
     */
    private boolean isUnfinished(String directory) {
        try {
            Path path = new Path(directory);
            FileSystem files = FileAccess.fileSystem(path);
            if (files.exists(new Path(path, "model"))) {
                throw new IllegalArgumentException(params.uid() + ": parameter checkpointDir: found a finished run in "
                        + directory + ", expected a new directory");
            }
            return files.exists(new Path(path, "config.json"));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** The job's configuration; its rows are no job file's. */
    private String configuration() {
        try {
            ObjectMapper json = new ObjectMapper();
            ObjectNode all = (ObjectNode) json.readTree(job.resolved());
            ((ObjectNode) all.get("data")).put("source", "dataframe");
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException(exception);
        }
    }
}

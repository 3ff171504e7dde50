package io.etastar.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunDirectory;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.settings.Configuration;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.FileAccess;
import io.etastar.storage.RunLock;
import io.etastar.storage.StoredModel;
import io.etastar.training.RunStore;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import io.etastar.training.TrainingRun;
import io.etastar.training.WarmStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a plan: in memory, or in a run directory, in which an unfinished run is resumed. */
final class FitRun {
    private final NeuralNetworkParams<?> params;
    private final Configuration job;
    private final TrainingPlan plan;

    FitRun(NeuralNetworkParams<?> params, Configuration job, TrainingPlan plan) {
        this.params = params;
        this.job = job;
        this.plan = plan.with(plan.stopping().early(params.getTol(), params.getPatience()));
    }

    FrameFit.Result run(SparkContext context) {
        if (!FrameFit.isGiven(params, params.checkpointDir())) {
            return run(context, RunStore.memory());
        }
        RunStore store = directory();
        try (RunLock lock = RunLock.of(params.getCheckpointDir(), params.uid())) {
            return run(context, store);
        }
    }

    private FrameFit.Result run(SparkContext context, RunStore store) {
        History history = new History(params.uid());
        Remembering remembering = new Remembering(store);
        TrainingResult result =
                new TrainingRun(JavaSparkContext.fromSparkContext(context), plan, remembering, history).run();
        return new FrameFit.Result(
                result.kept().model(), history.summary(plan.method().groups(), result), state(remembering.last));
    }

    /** Where training ended, if it is to stay with the model; else null. */
    private Checkpoint state(Checkpoint last) {
        Checkpoint kept = last == null || params.getMaxStateInMb() == 0 ? null : WarmStart.kept(last);
        return kept != null && WarmStart.bytes(kept) <= (long) params.getMaxStateInMb() << 20 ? kept : null;
    }

    /** Another store, with the last checkpoint that was written there. */
    private static final class Remembering implements RunStore {
        private final RunStore store;
        private Checkpoint last;

        Remembering(RunStore store) {
            this.store = store;
        }

        @Override
        public boolean keeps() {
            return store.keeps();
        }

        @Override
        public CheckpointStore.Newest newest() {
            CheckpointStore.Newest newest = store.newest();
            last = newest.checkpoint();
            return newest;
        }

        @Override
        public MetricsWriter openMetrics(long step) {
            return store.openMetrics(step);
        }

        @Override
        public String write(Checkpoint checkpoint) {
            last = checkpoint;
            return store.write(checkpoint);
        }

        @Override
        public void write(StoredModel model) {
            store.write(model);
        }
    }

    private RunStore directory() {
        String directory = params.getCheckpointDir();
        RunDirectory run = isUnfinished(directory)
                ? RunDirectory.resume(directory, configuration())
                : RunDirectory.create(directory, configuration());
        return RunStore.directory(run, plan.checkpoints().keep());
    }

    /**
     * Whether there is a run to resume: one that has no model yet.
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

    /** Keeps what the run reports. */
    private static final class History implements RunListener {
        private static final Logger LOG = LoggerFactory.getLogger(FitRun.class);

        private final String uid;
        private final List<Double> losses = new ArrayList<>();
        private final List<EpochMetrics> epochs = new ArrayList<>();
        private final List<NeuralNetworkTrainingSummary.Rates> rates = new ArrayList<>();
        private SummaryResult last;
        private String plan = "";

        History(String uid) {
            this.uid = uid;
        }

        @Override
        public void plan(String line) {
            LOG.info("{}: {}", uid, line);
            plan = line;
        }

        @Override
        public void step(StepMetrics metrics) {
            losses.add(metrics.loss());
        }

        @Override
        public void summary(long step, SummaryResult summary) {
            double[] eta = summary.solution().eta();
            rates.add(new NeuralNetworkTrainingSummary.Rates(
                    step,
                    eta == null ? null : eta.clone(),
                    summary.learningRates().clone()));
            last = summary;
        }

        @Override
        public void epoch(EpochMetrics metrics) {
            epochs.add(metrics);
            LOG.info(
                    "{}: epoch {}: training loss {}, validation loss {}, {} s",
                    uid,
                    metrics.epoch(),
                    metrics.trainLoss(),
                    metrics.testLoss(),
                    metrics.seconds());
        }

        @Override
        public void warning(String line) {
            LOG.warn("{}: {}", uid, line);
        }

        @Override
        public void checkpoint(long step, String path) {
            LOG.debug("{}: checkpoint of step {}: {}", uid, step, path);
        }

        /** @param subsets names of the tensors of each subset of the partition */
        NeuralNetworkTrainingSummary summary(List<List<String>> subsets, TrainingResult result) {
            return new NeuralNetworkTrainingSummary(losses, epochs, rates, last, subsets, result, plan);
        }
    }
}

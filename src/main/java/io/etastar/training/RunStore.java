package io.etastar.training;

import io.etastar.report.MetricsWriter;
import io.etastar.report.RunDirectory;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import java.util.List;

/** The place of a run's checkpoints, metrics and model. A run resumes from the newest checkpoint that it finds there. */
public interface RunStore {
    /** Whether checkpoints are of use to anyone: they are then written at the end of each epoch. */
    boolean keeps();

    /** The newest whole checkpoint; checkpoint and path are null if there is none. */
    CheckpointStore.Newest newest();

    /**
     * Opens the metrics, without the lines of steps that are done again.
     *
     * @param step where the run resumes; 0 at its beginning
     * @return metrics that the run closes; null if none are kept
     */
    MetricsWriter openMetrics(long step);

    /**
     * Stores a checkpoint where it survives a crash.
     *
     * @param checkpoint whose arrays are not changed afterwards
     * @return its path, for messages
     */
    String write(Checkpoint checkpoint);

    /** Stores the model of a run that ended. */
    void write(StoredModel model);

    /** Keeps nothing: the model goes to the caller alone. */
    static RunStore memory() {
        return new Memory();
    }

    /**
     * Files in a run's directory.
     *
     * @param run the directory
     * @param keep how many of the newest checkpoints stay, at least 1
     */
    static RunStore directory(RunDirectory run, int keep) {
        return new Directory(run, new CheckpointStore(run.path(), keep));
    }

    /** Nothing kept. */
    record Memory() implements RunStore {
        @Override
        public boolean keeps() {
            return false;
        }

        @Override
        public CheckpointStore.Newest newest() {
            return new CheckpointStore.Newest(null, null, List.of());
        }

        @Override
        public MetricsWriter openMetrics(long step) {
            return null;
        }

        @Override
        public String write(Checkpoint checkpoint) {
            return "none";
        }

        @Override
        public void write(StoredModel model) {}
    }

    /**
     * Files in a directory.
     *
     * @param run the directory
     * @param checkpoints those in it
     */
    record Directory(RunDirectory run, CheckpointStore checkpoints) implements RunStore {
        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public CheckpointStore.Newest newest() {
            return checkpoints.resume();
        }

        @Override
        public MetricsWriter openMetrics(long step) {
            MetricsWriter metrics = run.openMetrics();
            if (run.resumed()) {
                metrics.truncateTo(step);
            }
            return metrics;
        }

        @Override
        public String write(Checkpoint checkpoint) {
            return checkpoints.write(checkpoint);
        }

        @Override
        public void write(StoredModel model) {
            ModelDirectory.write(run.path(), model);
        }
    }
}

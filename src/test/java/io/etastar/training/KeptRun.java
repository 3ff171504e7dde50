package io.etastar.training;

import io.etastar.report.MetricsWriter;
import io.etastar.spark.LeastSquaresEngine;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The store of a least-squares run, whose checkpoints and model stay in memory. */
final class KeptRun implements RunStore {
    static final int FEATURES = 5;

    final List<Checkpoint> checkpoints = new ArrayList<>();
    StoredModel model;

    /**
     * What the run is made of.
     *
     * @param factor on the learning rates; 1 converges, 1e12 diverges
     */
    static TrainingRun.Built built(double factor) {
        return new TrainingRun.Built(
                LeastSquaresEngine.layout(FEATURES),
                0,
                new LeastSquaresEngine.Factory(FEATURES, DType.FLOAT, false),
                KeptRun::start,
                partition -> () -> new CauchyMomentum(partition, FEATURES, factor),
                new CostModel(1e3, 10, FEATURES),
                List.of());
    }

    private static double[] start() {
        double[] theta = new double[FEATURES];
        Arrays.fill(theta, 3);
        return theta;
    }

    Checkpoint last() {
        return checkpoints.get(checkpoints.size() - 1);
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public CheckpointStore.Newest newest() {
        return checkpoints.isEmpty()
                ? new CheckpointStore.Newest(null, null, List.of())
                : new CheckpointStore.Newest(last(), path(last()), List.of());
    }

    @Override
    public MetricsWriter openMetrics(long step) {
        return null;
    }

    @Override
    public String write(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
        return path(checkpoint);
    }

    static String path(Checkpoint checkpoint) {
        return "memory-" + checkpoint.step();
    }

    @Override
    public void write(StoredModel trained) {
        model = trained;
    }
}

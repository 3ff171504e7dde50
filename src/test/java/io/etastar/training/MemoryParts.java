package io.etastar.training;

import io.etastar.optimizer.Optimizer;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.spark.LeastSquaresEngine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Parts of a least-squares run whose checkpoints and model stay in memory. */
final class MemoryParts implements TrainingParts {
    static final int FEATURES = 5;

    final List<Stored> checkpoints = new ArrayList<>();
    double[] model;
    private final double factor;

    /** @param factor on the learning rates; 1 converges, 1e6 diverges */
    MemoryParts(double factor) {
        this.factor = factor;
    }

    @Override
    public ParameterLayout layout() {
        return LeastSquaresEngine.layout(FEATURES);
    }

    @Override
    public EngineFactory engines() {
        return new LeastSquaresEngine.Factory(FEATURES, DType.FLOAT, false);
    }

    @Override
    public double[] initialParameters() {
        double[] theta = new double[FEATURES];
        Arrays.fill(theta, 3);
        return theta;
    }

    @Override
    public Optimizer optimizer(Partition partition) {
        return new CauchyMomentum(partition, FEATURES, factor);
    }

    @Override
    public String writeCheckpoint(TrainingState state) {
        checkpoints.add(new Stored("memory-" + state.step(), state));
        return "memory-" + state.step();
    }

    @Override
    public Optional<Stored> newestCheckpoint() {
        return checkpoints.isEmpty() ? Optional.empty() : Optional.of(checkpoints.get(checkpoints.size() - 1));
    }

    @Override
    public void writeModel(double[] theta) {
        model = theta.clone();
    }
}

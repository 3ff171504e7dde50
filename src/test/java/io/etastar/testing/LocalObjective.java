package io.etastar.testing;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.taylor.FactorProgram;
import io.etastar.taylor.HessianProgram;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.stream.IntStream;

/** The engine on explicit batches in double precision, on the calling thread. */
public final class LocalObjective implements MethodObjective, AutoCloseable {
    /**
     * Batches that lie one after another.
     *
     * @param data all rows
     * @param size rows of a batch; batch i starts at row i size, counted round
     */
    public record Batches(Shard data, int size) {
        int[] rows(long index) {
            int first = (int) (index % (data.rows() / size)) * size;
            return IntStream.range(first, first + size).toArray();
        }
    }

    private final Model model;
    private final Batches training;
    private final Batches summaries;
    private final Program gradients;
    private final HessianProgram products;
    private Program summary;
    private Partition compiled;

    /**
     * @param model what is trained
     * @param training batches of the steps
     * @param summaries batches of the summaries
     */
    public LocalObjective(Model model, Batches training, Batches summaries) {
        this.model = model;
        this.training = training;
        this.summaries = summaries;
        gradients = Program.compile(model, DType.DOUBLE, 7, null);
        products = HessianProgram.compile(model, DType.DOUBLE, 7, 0);
    }

    @Override
    public ParameterLayout layout() {
        return model.layout();
    }

    @Override
    public GradientSum gradient(double[] theta, long step) {
        gradients.setParameters(RawArray.of(theta));
        return gradients.gradient(training.data(), training.rows(step));
    }

    @Override
    public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        if (partition != compiled) {
            close(summary);
            summary = Program.compile(model, DType.DOUBLE, 7, partition);
            compiled = partition;
        }
        summary.setParameters(RawArray.of(theta));
        summary.setDirection(RawArray.of(direction));
        return summary.summary(summaries.data(), summaries.rows(index));
    }

    @Override
    public LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
        LossSum[] sums = new LossSum[rates.length];
        for (int i = 0; i < rates.length; i++) {
            double[] point = theta.clone();
            for (int p = 0; p < point.length; p++) {
                point[p] -= rates[i] * direction[p];
            }
            gradients.setParameters(RawArray.of(point));
            sums[i] = gradients.loss(summaries.data(), summaries.rows(index));
        }
        return sums;
    }

    @Override
    public HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        products.setParameters(RawArray.of(theta));
        products.setDirection(RawArray.of(vector));
        return products.hessianVector(training.data(), training.rows(step));
    }

    @Override
    public KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        try (FactorProgram program = FactorProgram.compile(model, DType.DOUBLE, 7, 0, sampled)) {
            program.setParameters(RawArray.of(theta));
            return program.factors(training.data(), training.rows(step));
        }
    }

    private static void close(Program program) {
        if (program != null) {
            program.close();
        }
    }

    @Override
    public void close() {
        gradients.close();
        products.close();
        close(summary);
    }
}

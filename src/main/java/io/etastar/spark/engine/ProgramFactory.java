package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.TaylorTerms;
import io.etastar.spark.check.TaskDevice;
import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;

/**
 * Engines that are compiled programs of a zoo model.
 *
 * @param model recipe of the model; built where the engine is made
 * @param type precision of all arithmetic
 * @param microBatch rows processed at once, 0 for automatic
 * @param gradientRows most rows of a shard in one gradient or loss
 * @param summaryRows most rows of a shard in one summary
 */
public record ProgramFactory(ModelDescription model, DType type, int microBatch, int gradientRows, int summaryRows)
        implements EngineFactory {
    @Override
    public Engine create(Partition partition) {
        Model graph = model.build(type);
        return new ProgramEngine(
                Program.compile(graph, type, rowsAtOnce(graph, partition), partition),
                new SeriesPrograms(this, partition),
                new HessianPrograms(this, partition),
                new FactorPrograms(this, partition));
    }

    private int rowsAtOnce(Model graph, Partition partition) {
        int rows = partition == null ? gradientRows : summaryRows;
        return microBatch > 0 ? microBatch : Program.automaticBatch(graph, type, partition, rows);
    }

    @Override
    public long bytes(Partition partition) {
        Model graph = model.build(type);
        return Program.estimatedBytes(graph, type, rowsAtOnce(graph, partition), partition);
    }

    @Override
    public String key(Partition partition) {
        return String.join(
                "\n",
                model.json(),
                type.key(),
                microBatch + " " + gradientRows + " " + summaryRows,
                "device " + TaskDevice.current(),
                "" + partition);
    }

    @Override
    public void prepareThread(int cores) {
        prepareTask();
        Backend.installed().useThreads(cores);
    }

    @Override
    public void prepareTask() {
        TaskDevice.bind();
    }

    private static final class ProgramEngine implements Engine {
        private final Program program;
        private final SeriesPrograms series;
        private final HessianPrograms products;
        private final FactorPrograms factors;
        private RawArray parameters;
        private RawArray direction;

        ProgramEngine(Program program, SeriesPrograms series, HessianPrograms products, FactorPrograms factors) {
            this.program = program;
            this.series = series;
            this.products = products;
            this.factors = factors;
        }

        @Override
        public void setParameters(RawArray theta) {
            parameters = theta;
            program.setParameters(theta);
            series.setParameters(theta);
            products.setParameters(theta);
            factors.setParameters(theta);
        }

        @Override
        public void setDirection(RawArray u) {
            direction = u;
            program.setDirection(u);
            series.setDirection(u);
            products.setDirection(u);
        }

        @Override
        public void setSeed(Long seed) {
            if (seed == null) {
                program.clearSeed();
            } else {
                program.setSeed(seed);
            }
            series.setSeed(seed);
            products.setSeed(seed);
            factors.setSeed(seed);
        }

        @Override
        public LossSum loss(Shard shard, int[] rows) {
            return program.loss(shard, rows);
        }

        @Override
        public GradientSum gradient(Shard shard, int[] rows) {
            return program.gradient(shard, rows);
        }

        @Override
        public RawArray outputs(Shard shard, int[] rows) {
            return program.outputs(shard, rows);
        }

        @Override
        public LossSum[] losses(Shard shard, int[] rows, double[] rates) {
            LossSum[] sums = new LossSum[rates.length];
            for (int i = 0; i < rates.length; i++) {
                program.setParameters(moved(rates[i]));
                sums[i] = program.loss(shard, rows);
            }
            program.setParameters(parameters);
            return sums;
        }

        /** theta - rate u, rounded as theta is. */
        private RawArray moved(double rate) {
            double[] point = parameters.toDoubles();
            for (int p = 0; p < point.length; p++) {
                point[p] -= rate * direction.get(p);
            }
            return RawArray.copyOf(parameters.floats() != null ? DType.FLOAT : DType.DOUBLE, point);
        }

        @Override
        public DerivativeSummary summary(Shard shard, int[] rows) {
            return program.summary(shard, rows);
        }

        @Override
        public DerivativeTensor derivatives(Shard shard, int[] rows, int order) {
            return series.derivatives(shard, rows, order);
        }

        @Override
        public TaylorTerms terms(Shard shard, int[] rows, int order) {
            return series.terms(shard, rows, order);
        }

        @Override
        public HessianVectorSum hessianVector(Shard shard, int[] rows) {
            return products.hessianVector(shard, rows);
        }

        @Override
        public KroneckerFactors kroneckerFactors(Shard shard, int[] rows, boolean sampled) {
            return factors.factors(shard, rows, sampled);
        }

        @Override
        public void close() {
            series.close();
            products.close();
            factors.close();
            program.close();
        }
    }
}

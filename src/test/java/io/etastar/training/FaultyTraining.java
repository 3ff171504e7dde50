package io.etastar.training;

import io.etastar.data.Shard;
import io.etastar.optimizer.Optimizer;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.report.RunListener;
import io.etastar.spark.EngineFault;
import io.etastar.spark.ForwardingEngine;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.RawArray;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** Training as usual but for a fault in the engines. */
public final class FaultyTraining {
    private FaultyTraining() {}

    /** Trains from the start and writes checkpoints and model to {@code directory}. */
    public static TrainingResult run(
            JavaSparkContext context, TrainingPlan plan, RunListener listener, String directory, EngineFault fault) {
        TrainingParts parts = new Parts(new PlannedParts(plan, directory), fault);
        return new Trainer(
                        context,
                        plan,
                        listener,
                        false,
                        parts,
                        plan.method().communication().aggregation())
                .run();
    }

    private record Parts(TrainingParts inner, EngineFault fault) implements TrainingParts {
        @Override
        public ParameterLayout layout() {
            return inner.layout();
        }

        @Override
        public EngineFactory engines() {
            return new Engines(inner.engines(), fault);
        }

        @Override
        public double[] initialParameters() {
            return inner.initialParameters();
        }

        @Override
        public Optimizer optimizer(Partition partition) {
            return inner.optimizer(partition);
        }

        @Override
        public String writeCheckpoint(TrainingState state) {
            return inner.writeCheckpoint(state);
        }

        @Override
        public Optional<Stored> newestCheckpoint() {
            return inner.newestCheckpoint();
        }

        @Override
        public void writeModel(double[] theta) {
            inner.writeModel(theta);
        }
    }

    private record Engines(EngineFactory inner, EngineFault fault) implements EngineFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public Engine create(Partition partition) {
            return new ForwardingEngine(inner.create(partition)) {
                @Override
                public <T extends Sum<T>> T evaluate(
                        Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
                    fault.strike(quantity.getClass().getSimpleName().toLowerCase(Locale.ROOT));
                    return super.evaluate(quantity, shard, rows, point);
                }
            };
        }

        @Override
        public String key(Partition partition) {
            return inner.key(partition) + " " + fault;
        }

        @Override
        public void prepareThread(int cores) {
            inner.prepareThread(cores);
        }
    }
}

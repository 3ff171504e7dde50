package io.etastar.training;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunListener;
import io.etastar.spark.EngineFault;
import io.etastar.spark.ForwardingEngine;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaSparkContext;

/** Training as usual but for a fault in the engines. */
public final class FaultyTraining {
    private FaultyTraining() {}

    /** Trains from the start and writes checkpoints and model, but no metrics, to {@code directory}. */
    public static TrainingResult run(
            JavaSparkContext context, TrainingPlan plan, RunListener listener, String directory, EngineFault fault) {
        return run(context, plan, listener, directory, engines -> new Engines(engines, fault));
    }

    /** The same with other engines, made of the plan's. */
    public static TrainingResult run(
            JavaSparkContext context,
            TrainingPlan plan,
            RunListener listener,
            String directory,
            UnaryOperator<EngineFactory> engines) {
        TrainingRun.Built built = TrainingRun.Built.of(plan);
        TrainingRun.Built faulty = new TrainingRun.Built(
                built.layout(),
                built.classes(),
                engines.apply(built.engines()),
                built.initial(),
                built.optimizers(),
                built.costs(),
                built.means());
        RunStore store = new Files(
                directory, new CheckpointStore(directory, plan.checkpoints().keep()));
        return new TrainingRun(context, plan, store, listener, faulty).run();
    }

    private record Files(String directory, CheckpointStore checkpoints) implements RunStore {
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
            return null;
        }

        @Override
        public String write(Checkpoint checkpoint) {
            return checkpoints.write(checkpoint);
        }

        @Override
        public void write(StoredModel model) {
            ModelDirectory.write(directory, model);
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

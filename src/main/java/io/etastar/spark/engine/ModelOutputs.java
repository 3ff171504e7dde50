package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.tensor.RawArray;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;

/** Outputs of a model with given parameters, by an engine of this JVM's pool. Used by one thread, until it is closed. */
public final class ModelOutputs implements AutoCloseable {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private final EngineFactory engines;
    private final Engine engine;
    private final Point<RawArray> point;
    private boolean failed;

    private ModelOutputs(EngineFactory engines, RawArray theta) {
        this.engines = engines;
        TaskContext task = TaskContext.get();
        if (task != null && !PREPARED.get()) {
            engines.prepareThread(task.cpus());
            PREPARED.set(true);
        }
        engines.prepareTask();
        engine = EnginePool.borrow(engines, null);
        point = Point.at(theta);
    }

    /**
     * Borrows an engine.
     *
     * @param model recipe of the model
     * @param theta parameters [P], float or double: the precision of the computation; kept by the caller
     * @param rows most rows of one call
     */
    public static ModelOutputs open(ModelDescription model, RawArray theta, int rows) {
        return new ModelOutputs(new ProgramFactory(model.recipe(), theta.type(), 0, rows, 1), theta);
    }

    /** Outputs for all rows, [rows, output length] flat; a new array. */
    public RawArray of(Shard rows) {
        failed = true;
        int[] all = IntStream.range(0, rows.rows()).toArray();
        RawArray outputs =
                engine.evaluate(new Quantity.Outputs(), rows, all, point).values();
        failed = false;
        return outputs;
    }

    /** Gives the engine back, or closes it after a failure. */
    @Override
    public void close() {
        if (failed) {
            engine.close();
        } else {
            EnginePool.giveBack(engines, null, engine);
        }
    }
}

package io.etastar.spark.pass;

import io.etastar.partition.Partition;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.EnginePool;
import io.etastar.tensor.Closing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.TaskContext;

/** The engines of one task, lent by the pool of its JVM until the task ends. */
final class TaskEngines implements AutoCloseable {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private final EngineFactory factory;
    private final List<Borrowed> borrowed = new ArrayList<>();
    private boolean good;

    private record Borrowed(Partition partition, Engine engine) {}

    TaskEngines(EngineFactory factory) {
        this.factory = factory;
    }

    /** Those of the running task, whose thread is made ready. */
    static TaskEngines ofTask(EngineFactory factory) {
        if (!PREPARED.get()) {
            factory.prepareThread(TaskContext.get().cpus());
            PREPARED.set(true);
        }
        factory.prepareTask();
        return new TaskEngines(factory);
    }

    /** The engine of a partition, or the one without; the same at each call. */
    Engine of(Partition partition) {
        for (Borrowed one : borrowed) {
            if (Objects.equals(one.partition, partition)) {
                return one.engine;
            }
        }
        Engine engine = EnginePool.borrow(factory, partition);
        borrowed.add(new Borrowed(partition, engine));
        return engine;
    }

    /** To be called if nothing was thrown: engines may then be used again. */
    void succeeded() {
        good = true;
    }

    /** Gives engines back, or closes them if a call failed. */
    @Override
    public void close() {
        Closing closing = new Closing();
        for (Borrowed one : borrowed) {
            closing.run(good ? () -> EnginePool.giveBack(factory, one.partition, one.engine) : one.engine::close);
        }
        closing.end();
    }
}

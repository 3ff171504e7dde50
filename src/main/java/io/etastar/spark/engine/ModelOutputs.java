package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.taylor.Program;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.RawArray;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.LoggerFactory;

/** Outputs of a model with given parameters, by an engine of this JVM's pool. Used by one thread at a time, until it is closed. */
public final class ModelOutputs implements AutoCloseable {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);
    private static final ThreadLocal<OfTask> HELD = new ThreadLocal<>();

    private final EngineFactory engines;
    private final Engine engine;
    private final Point<RawArray> point;
    private boolean failed;
    private boolean closed;

    private ModelOutputs(EngineFactory engines, Point<RawArray> point) {
        this.engines = engines;
        this.point = point;
        TaskContext task = TaskContext.get();
        if (task != null && !PREPARED.get()) {
            engines.prepareThread(task.cpus());
            PREPARED.set(true);
        }
        engines.prepareTask();
        engine = EnginePool.borrow(engines, null);
    }

    /**
     * Borrows an engine.
     *
     * @param model recipe of the model
     * @param point theta [P], float or double: the precision of the computation; an engine that was last at the same point, the
     *     same object, does not copy theta again
     * @param rows most rows of one call
     */
    public static ModelOutputs open(ModelDescription model, Point<RawArray> point, int rows) {
        return open(model, point, rows, BackendChoice.INSTALLED);
    }

    /** The same on a backend. */
    public static ModelOutputs open(ModelDescription model, Point<RawArray> point, int rows, BackendChoice backend) {
        return new ModelOutputs(factory(model, point, rows, backend), point);
    }

    private static ProgramFactory factory(
            ModelDescription model, Point<RawArray> point, int rows, BackendChoice backend) {
        return new ProgramFactory(model.recipe(), point.theta().type(), 0, rows, 1, backend);
    }

    /**
     * Looks in small jobs whether the devices of a backend are there and have the memory for such engines; on the CPU nothing is looked
     * at.
     *
     * @throws io.etastar.UserError if not
     */
    public static void checkDevices(
            JavaSparkContext context, ModelDescription model, Point<RawArray> point, int rows, BackendChoice backend) {
        if (backend.backend().hasMemoryOfItsOwn()) {
            DeviceMemory.checkDevices(
                    context, factory(model, point, rows, backend), null, context.defaultParallelism());
        }
    }

    /**
     * Outputs for a single row, [output length]; a new array. In a Spark task the thread keeps its engine until the task ends;
     * elsewhere each call borrows one.
     *
     * @param model recipe of the model
     * @param point theta [P], float or double
     * @param row a shard of one row
     */
    public static RawArray ofRow(ModelDescription model, Point<RawArray> point, Shard row) {
        TaskContext task = TaskContext.get();
        if (task != null && !task.isCompleted()) {
            return OfTask.current(task).outputs(model, point, row);
        }
        try (ModelOutputs once = open(model, point, 1)) {
            return once.of(row);
        }
    }

    /**
     * Whether the output of a row depends on the rows that are computed with it, as with batch normalisation whose statistics
     * over the training rows were not stored; a line says so then.
     */
    public static boolean mixRows(ModelDescription model) {
        boolean mixes = Program.mixesRows(model.recipe().build());
        if (mixes) {
            LoggerFactory.getLogger(ModelOutputs.class)
                    .warn(
                            "the model has no stored statistics of its batch norm: the prediction of a row depends on the rows"
                                    + " that are predicted with it");
        }
        return mixes;
    }

    /** Outputs for all rows, [rows, output length] flat; a new array. */
    public synchronized RawArray of(Shard rows) {
        if (closed) {
            throw new IllegalStateException("found a closed engine: the task has ended");
        }
        failed = true;
        int[] all = IntStream.range(0, rows.rows()).toArray();
        RawArray outputs =
                engine.evaluate(new Quantity.Outputs(), rows, all, point).values();
        failed = false;
        return outputs;
    }

    /** Gives the engine back, or closes it after a failure. No effect if it is closed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (failed) {
            engine.close();
        } else {
            EnginePool.giveBack(engines, null, engine);
        }
    }

    /** Engines for single rows that a thread holds for one task: borrowing one costs more than a small network. */
    private static final class OfTask {
        private TaskContext task;
        private final Map<Point<RawArray>, ModelOutputs> open = new IdentityHashMap<>();

        private OfTask(TaskContext task) {
            this.task = task;
        }

        static OfTask current(TaskContext task) {
            OfTask held = HELD.get();
            if (held == null || held.task != task) {
                OfTask made = new OfTask(task);
                task.addTaskCompletionListener((TaskCompletionListener) ended -> made.close());
                HELD.set(made);
                return made;
            }
            return held;
        }

        RawArray outputs(ModelDescription model, Point<RawArray> point, Shard row) {
            ModelOutputs engine;
            synchronized (this) {
                engine = open.computeIfAbsent(point, at -> ModelOutputs.open(model, at, 1));
            }
            try {
                return engine.of(row);
            } catch (RuntimeException failure) {
                drop(point);
                throw failure;
            }
        }

        private synchronized void drop(Point<RawArray> point) {
            ModelOutputs failed = open.remove(point);
            if (failed != null) {
                failed.close();
            }
        }

        private synchronized void close() {
            open.values().forEach(ModelOutputs::close);
            open.clear();
            // The thread lives on.
            task = null;
        }
    }
}

package io.etastar.spark.engine;

import io.etastar.partition.Partition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The engines of this JVM that no task is using, by their key: compiling one costs more than most steps.
 *
 * <p>The keys used last are kept, so that a JVM that sees many models does not hold the buffers of all of them.
 */
public final class EnginePool {
    /** A run needs two: one engine with its partition, one without. */
    static final int KEYS = 8;

    private static final LinkedHashMap<String, ArrayDeque<Engine>> IDLE = new LinkedHashMap<>(16, 0.75f, true);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(EnginePool::clear, "close-engines"));
    }

    private EnginePool() {}

    /** An engine that is the caller's own until it is given back or closed. */
    public static Engine borrow(EngineFactory factory, Partition partition) {
        synchronized (IDLE) {
            ArrayDeque<Engine> engines = IDLE.get(factory.key(partition));
            if (engines != null && !engines.isEmpty()) {
                return engines.pop();
            }
        }
        return factory.create(partition);
    }

    /** Takes back an engine in good order; one whose call failed is closed instead. */
    public static void giveBack(EngineFactory factory, Partition partition, Engine engine) {
        List<Engine> evicted = new ArrayList<>();
        synchronized (IDLE) {
            IDLE.computeIfAbsent(factory.key(partition), key -> new ArrayDeque<>())
                    .push(engine);
            while (IDLE.size() > KEYS) {
                evicted.addAll(IDLE.remove(IDLE.keySet().iterator().next()));
            }
        }
        evicted.forEach(Engine::close);
    }

    /** Closes all idle engines. */
    public static void clear() {
        List<Engine> engines = new ArrayList<>();
        synchronized (IDLE) {
            IDLE.values().forEach(engines::addAll);
            IDLE.clear();
        }
        engines.forEach(Engine::close);
    }
}

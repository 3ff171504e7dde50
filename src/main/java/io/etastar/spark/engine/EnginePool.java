package io.etastar.spark.engine;

import io.etastar.partition.Partition;
import io.etastar.tensor.Backend;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DeviceFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The engines of this JVM that no task is using, by their key: compiling one costs more than most steps.
 *
 * <p>The keys used last are kept, so that a JVM that sees many models does not hold the buffers of all of them. Where a device
 * has no memory for another program, its idle engines go, and copies of arrays with them.
 */
public final class EnginePool {
    /** A run needs two: one engine with its partition, one without. */
    static final int KEYS = 8;

    /** Engines of one key, which lie in one place. */
    private record Idle(String place, ArrayDeque<Engine> engines) {}

    private static final LinkedHashMap<String, Idle> IDLE = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Held while engines are taken out to be closed and until they are, so that who finds none to close has the memory of those that
     * another task has closed. Taken before the lock of {@code IDLE}, never within it.
     */
    private static final Object CLOSING = new Object();

    /** How many times engines were closed, counted when they are; written with {@code CLOSING} held. */
    private static volatile long closings;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(EnginePool::clear, "close-engines"));
    }

    private EnginePool() {}

    /** An engine that is the caller's own until it is given back or closed. */
    public static Engine borrow(EngineFactory factory, Partition partition) {
        synchronized (IDLE) {
            Idle idle = IDLE.get(factory.key(partition));
            if (idle != null && !idle.engines.isEmpty()) {
                return idle.engines.pop();
            }
        }
        return factory.create(partition);
    }

    /** Takes back an engine in good order; one whose call failed is closed instead. */
    public static void giveBack(EngineFactory factory, Partition partition, Engine engine) {
        boolean tooMany;
        synchronized (IDLE) {
            IDLE.computeIfAbsent(factory.key(partition), key -> new Idle(factory.place(), new ArrayDeque<>()))
                    .engines
                    .push(engine);
            tooMany = IDLE.size() > KEYS;
        }
        if (tooMany) {
            synchronized (CLOSING) {
                close(usedLeastLately());
            }
        }
    }

    /** The idle engines of keys that are too many, which are the caller's own from now on. */
    private static List<Engine> usedLeastLately() {
        List<Engine> engines = new ArrayList<>();
        synchronized (IDLE) {
            while (IDLE.size() > KEYS) {
                engines.addAll(IDLE.remove(IDLE.keySet().iterator().next()).engines);
            }
        }
        return engines;
    }

    /**
     * What {@code compile} gives. If the device lacks memory for it, the idle engines in that place are closed and copies of
     * arrays are freed, and it is tried once more.
     *
     * @param place as of {@link EngineFactory#place}
     * @param freeCopies frees what the device keeps of arrays; whether there was anything
     * @throws DeviceFailure if the memory is too little then, too, or there was nothing to close
     */
    static <P> P making(String place, BooleanSupplier freeCopies, Supplier<P> compile) {
        long before = closings;
        try {
            return compile.get();
        } catch (DeviceFailure failure) {
            if (!failure.outOfMemory() || !makeRoom(place, freeCopies, failure, before)) {
                throw failure;
            }
        }
        return compile.get();
    }

    /** Whether copies were freed, or engines closed since {@code before}, by this task or another. */
    private static boolean makeRoom(String place, BooleanSupplier freeCopies, DeviceFailure failure, long before) {
        synchronized (CLOSING) {
            boolean[] freed = {false};
            Closing.after(failure, () -> freed[0] = freeCopies.getAsBoolean());
            List<Engine> idle = taken(place::equals);
            if (!idle.isEmpty()) {
                LoggerFactory.getLogger(EnginePool.class)
                        .info("{}: {} idle engines are closed to make room", failure.getMessage(), idle.size());
                Closing.after(failure, () -> close(idle));
            }
            return (freed[0] || closings != before) && failure.getSuppressed().length == 0;
        }
    }

    /** Closes the idle engines of a place; those that other tasks are closing are closed as well when this returns. */
    static void clear(String place) {
        clear(place::equals);
    }

    /** Closes all idle engines, and frees copies of arrays on devices. */
    public static void clear() {
        Closing.all(List.of(() -> clear(place -> true), Backend::freeAllCopies));
    }

    private static void clear(Predicate<String> places) {
        synchronized (CLOSING) {
            close(taken(places));
        }
    }

    /** The idle engines of some places, which are the caller's own from now on. */
    private static List<Engine> taken(Predicate<String> places) {
        List<Engine> engines = new ArrayList<>();
        synchronized (IDLE) {
            IDLE.values().removeIf(idle -> {
                boolean taken = places.test(idle.place);
                if (taken) {
                    engines.addAll(idle.engines);
                }
                return taken;
            });
        }
        return engines;
    }

    private static void close(List<Engine> engines) {
        if (engines.isEmpty()) {
            return;
        }
        synchronized (CLOSING) {
            try {
                Closing.all(
                        engines.stream().map(engine -> (Runnable) engine::close).toList());
            } finally {
                closings++;
            }
        }
    }
}

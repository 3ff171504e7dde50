package io.etastar.tensor;

import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A library that computes on tensors: the one place where the engine obtains kernels, devices and threads.
 *
 * <p>A backend is named in {@code META-INF/services/io.etastar.tensor.Backend} and has a public constructor without
 * arguments.
 */
public abstract class Backend {
    private static final class Installed {
        private static final Backend INSTANCE = load();

        private static Backend load() {
            Iterator<Backend> found = ServiceLoader.load(Backend.class, Backend.class.getClassLoader())
                    .iterator();
            if (!found.hasNext()) {
                throw new IllegalStateException("no backend in META-INF/services/" + Backend.class.getName());
            }
            return found.next();
        }
    }

    private static final ThreadLocal<@Nullable Backend> DURING = new ThreadLocal<>();

    /** The backend of this process, or the one that the calling thread is in a call of {@link #during} of. */
    public static Backend installed() {
        Backend during = DURING.get();
        return during != null ? during : Installed.INSTANCE;
    }

    /** Calls {@code task} with this backend in the place of the installed one, on the calling thread alone. */
    public final <T> T during(Supplier<T> task) {
        Backend before = DURING.get();
        DURING.set(this);
        try {
            return task.get();
        } finally {
            DURING.set(before);
        }
    }

    /**
     * What sizes suit a backend's units and memory; of no effect on results but for rounding.
     *
     * @param workingSet bytes of buffers that a micro-batch may touch
     * @param denseRows rows of a matrix product from which it runs at full speed, whatever the memory
     */
    public record Hints(long workingSet, int denseRows) {
        /** A share of the last level of a processor's caches. */
        public static final Hints CPU = new Hints(16L << 20, 500);
    }

    /** What sizes suit this backend; those of a CPU unless it says otherwise. */
    public Hints hints() {
        return Hints.CPU;
    }

    /** New kernels for one program; the caller closes them. */
    public abstract Kernels kernels(DType type);

    /** The accelerators that this process sees. */
    public abstract Devices devices();

    /**
     * Sets the threads of a task ({@code spark.task.cpus}) for the calling thread, and for threads that use the backend for
     * the first time from now on. A thread that runs programs made by another thread must call this.
     */
    public abstract void useThreads(int perTask);
}

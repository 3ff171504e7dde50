package io.etastar.tensor;

import java.util.Iterator;
import java.util.ServiceLoader;

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

    /** The backend of this process. */
    public static Backend installed() {
        return Installed.INSTANCE;
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

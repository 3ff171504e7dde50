package io.etastar.tensor;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A library that computes on tensors: the one place where the engine obtains kernels, devices and threads.
 *
 * <p>A backend is named in {@code META-INF/services/io.etastar.tensor.Backend} and has a public constructor without
 * arguments, which opens no library. The first one is that of a process where {@link BackendChoice} says nothing else.
 */
public abstract class Backend {
    private static final class Installed {
        private static final List<Backend> ALL = load();

        private static List<Backend> load() {
            List<Backend> found = ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("no backend in META-INF/services/" + Backend.class.getName());
            }
            return found;
        }
    }

    private static final ThreadLocal<@Nullable Backend> DURING = new ThreadLocal<>();

    /** The backend of this process, or the one that the calling thread is in a call of {@link #during} of. */
    public static Backend installed() {
        Backend during = DURING.get();
        return during != null ? during : Installed.ALL.get(0);
    }

    /**
     * The backend of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Backend named(String name) {
        return Installed.ALL.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend " + name));
    }

    /** Its name, as {@code engine.backend} has it. */
    public abstract String name();

    /**
     * Says where its native libraries lie; without effect on a backend that brings its own.
     *
     * @param folder that holds all of them. Once they are open another folder is not looked into
     */
    public void librariesIn(Path folder) {}

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

    /** Whether tensors lie in the memory of a device, and not in the host's. Opens no library. */
    public boolean hasMemoryOfItsOwn() {
        return false;
    }

    /** Bytes on a device that kernels of one program take before their first tensor; at least that on every device. Opens no library. */
    public long bytesOfKernels() {
        return 0;
    }

    /**
     * Frees copies of host arrays that a device keeps, so that rows need not travel again.
     *
     * @return whether there were any
     */
    public boolean freeCopies(int device) {
        return false;
    }

    /** Frees those of all devices in this process; opens no library. */
    public void freeCopies() {}

    /** Frees copies of host arrays on the devices of all backends. */
    public static void freeAllCopies() {
        Closing.all(Installed.ALL.stream()
                .map(backend -> (Runnable) backend::freeCopies)
                .toList());
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

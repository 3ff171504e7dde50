package io.etastar.tensor.nd4j;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Threads of the native library: one per task core, set once per thread that uses it.
 *
 * <p>OpenMP keeps its limit per calling thread, so that each task thread must set its own. The environment variable
 * OMP_NUM_THREADS wins where it is set: Spark sets it on executors to {@code spark.task.cpus}.
 */
final class Nd4jThreads {
    private static final String VARIABLE = "OMP_NUM_THREADS";
    private static final ThreadLocal<Boolean> LIMITED = new ThreadLocal<>();
    private static volatile int perTask = fromEnvironment();

    private Nd4jThreads() {}

    /**
     * Cores of a task ({@code spark.task.cpus}): sets the calling thread's limit, and that of threads that use the library
     * for the first time from now on. A thread that runs programs which another one made must call this.
     */
    static void perTask(int cores) {
        if (System.getenv(VARIABLE) == null) {
            perTask = cores;
        }
        LIMITED.remove();
        limitOnce();
    }

    static void limitOnce() {
        if (LIMITED.get() == null) {
            LIMITED.set(true);
            Nd4j.getEnvironment().setMaxThreads(perTask);
            Nd4j.getEnvironment().setMaxMasterThreads(perTask);
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(perTask);
        }
    }

    private static int fromEnvironment() {
        String value = System.getenv(VARIABLE);
        return value == null || !value.matches("[1-9][0-9]{0,3}") ? 1 : Integer.parseInt(value);
    }
}

package io.etastar.tensor.nd4j;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Devices;
import io.etastar.tensor.Kernels;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The backend on ND4J's native library.
 *
 * <p>OpenMP keeps its limit of threads per calling thread, so that each task thread must set its own. If the environment
 * variable OMP_NUM_THREADS is set, it takes precedence: Spark sets it on executors to {@code spark.task.cpus}.
 */
public final class Nd4jBackend extends Backend {
    private static final String VARIABLE = "OMP_NUM_THREADS";
    private static final ThreadLocal<Boolean> LIMITED = new ThreadLocal<>();
    private static volatile int threadsPerTask = fromEnvironment();

    private static int fromEnvironment() {
        String value = System.getenv(VARIABLE);
        return value == null || !value.matches("[1-9][0-9]{0,3}") ? 1 : Integer.parseInt(value);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Kernels kernels(DType type) {
        limitThreads();
        return new Nd4jKernels(type);
    }

    @Override
    public Devices devices() {
        return Devices.NONE;
    }

    @Override
    public void useThreads(int perTask) {
        if (System.getenv(VARIABLE) == null) {
            threadsPerTask = perTask;
        }
        LIMITED.remove();
        limitThreads();
    }

    /** Sets the limit of the calling thread on its first call there. */
    private static void limitThreads() {
        if (LIMITED.get() == null) {
            LIMITED.set(true);
            Nd4j.getEnvironment().setMaxThreads(threadsPerTask);
            Nd4j.getEnvironment().setMaxMasterThreads(threadsPerTask);
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threadsPerTask);
        }
    }
}

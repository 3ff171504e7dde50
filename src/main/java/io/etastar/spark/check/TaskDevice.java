package io.etastar.spark.check;

import io.etastar.UserError;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.Devices;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that Spark's resource scheduling gave to a task: the first address of its resource {@code gpu}. */
public final class TaskDevice {
    /** What there is if a task was given no device. */
    public static final int NONE = -1;

    private static final String GPU = "gpu";

    private TaskDevice() {}

    /** Device of the calling thread's task, {@link #NONE} outside of tasks and for tasks without one. */
    public static int current() {
        TaskContext task = TaskContext.get();
        return task == null ? NONE : of(task.resourcesJMap());
    }

    /** The process that the calling thread is in, for messages: an executor by its number and host, if there is one. */
    public static String process() {
        SparkEnv env = SparkEnv.get();
        if (env == null) {
            return "this process";
        }
        String executor = "executor " + env.executorId();
        return env.executorId().equals("driver")
                ? executor
                : executor + " on " + env.blockManager().blockManagerId().host();
    }

    /** Device in a task's resources. */
    static int of(Map<String, ResourceInformation> resources) {
        ResourceInformation gpu = resources.get(GPU);
        if (gpu == null || gpu.addresses().length == 0) {
            return NONE;
        }
        String address = gpu.addresses()[0];
        if (!address.matches("[0-9]{1,4}")) {
            throw new UserError(
                    UserError.Subject.of("spark resource gpu"),
                    "address '" + address + "'",
                    "the number of a device, as conf/gpu-discovery.sh prints them");
        }
        return Integer.parseInt(address);
    }

    /**
     * Binds the calling thread to its task's device, or to device 0 if Spark gave it none: a thread keeps nothing of a task that ran on it
     * before. Does nothing if the backend computes on the CPU. To be called in each task.
     *
     * @param backend that the task computes on
     * @throws UserError if the device is not there, or the native library holds no code for it
     */
    public static void bind(BackendChoice backend) {
        int device = current();
        if (device != NONE || backend.backend().hasMemoryOfItsOwn()) {
            bind(backend.backend().devices(), Math.max(0, device));
        }
    }

    /** Binds the calling thread to one of {@code devices}. */
    public static void bind(Devices devices, int device) {
        if (devices.count() > 0) {
            String problem = DeviceCheck.problem(devices, device);
            if (problem != null) {
                throw new UserError(problem);
            }
            devices.use(device);
        }
    }
}

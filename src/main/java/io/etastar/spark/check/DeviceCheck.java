package io.etastar.spark.check;

import io.etastar.UserError;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DeviceFailure;
import io.etastar.tensor.Devices;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.LoggerFactory;

/** Looks at the devices of executors before a run's first pass: one without code in the native library ends it at once. */
public final class DeviceCheck {
    private static final String EXECUTOR = "spark.executor.resource.gpu.amount";
    private static final String TASK = TaskSlots.TASK_GPUS;

    private DeviceCheck() {}

    /** Devices on which a task runs. */
    public interface Source extends Supplier<Devices>, Serializable {}

    /**
     * Runs one small job if GPUs are asked for or computed on, else nothing.
     *
     * @param backend that the job computes on
     * @throws UserError naming executor, device, what was found and what is expected
     */
    public static void run(JavaSparkContext context, BackendChoice backend) {
        SparkConf conf = StageResources.inPlace(context.getConf());
        boolean asked = conf.contains(EXECUTOR) || conf.contains(TASK);
        if (asked || !backend.name().isEmpty()) {
            run(context, () -> backend.backend().devices());
        }
    }

    /** The same for any devices. */
    public static void run(JavaSparkContext context, Source source) {
        int tasks = Math.max(1, context.defaultParallelism());
        JavaRDD<Integer> looks =
                context.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks);
        StageResources.of(context).foreach(looks::withResources);
        List<String> found =
                looks.map(index -> lookAt(source)).filter(Objects::nonNull).collect();
        for (String line : found) {
            if (!line.isEmpty()) {
                throw new UserError(line);
            }
        }
        if (!found.isEmpty()) {
            LoggerFactory.getLogger(DeviceCheck.class)
                    .warn("{}: GPUs are asked for, but engine.backend is the CPU; cuda computes on them", TASK);
        }
    }

    private static String lookAt(Source source) {
        try {
            return look(source.get());
        } catch (UserError e) {
            return place() + e.getMessage();
        } catch (DeviceFailure e) {
            return e.in(TaskDevice.process()).getMessage();
        }
    }

    /** What is wrong where this task runs: null for nothing, empty if there are no devices to use. */
    private static String look(Devices devices) {
        if (devices.count() == 0) {
            return TaskDevice.current() == TaskDevice.NONE ? null : "";
        }
        List<Integer> numbers = new ArrayList<>();
        if (TaskDevice.current() != TaskDevice.NONE) {
            numbers.add(TaskDevice.current());
        } else {
            IntStream.range(0, devices.count()).forEach(numbers::add);
        }
        return numbers.stream()
                .map(device -> problem(devices, device))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** What is wrong with a device, in one line; null for nothing. */
    static String problem(Devices devices, int device) {
        if (device >= devices.count()) {
            return place() + "found device " + device + " in the task's resources, expected one below "
                    + devices.count() + ", the number of devices that the process sees";
        }
        Devices.Capability capability = devices.capability(device);
        if (devices.supported().includes(capability)) {
            return null;
        }
        return place() + "found device " + device + ", " + capability.name() + " of compute capability "
                + capability.major() + "." + capability.minor() + ", expected " + devices.supported() + ": "
                + devices.supported().library() + " holds no code for others";
    }

    private static String place() {
        return SparkEnv.get() == null ? "gpu: " : "gpu: " + TaskDevice.process() + ": ";
    }
}

package io.etastar.spark;

import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.check.TaskDevice;
import io.etastar.tensor.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** An application: writes executor, attempt's resource address and bound device of each task to a file. */
public final class DevicesMain {
    private static final ThreadLocal<Integer> BOUND = ThreadLocal.withInitial(() -> TaskDevice.NONE);

    private DevicesMain() {}

    /** @param args number of tasks, compute capability of the devices times ten, and the file */
    public static void main(String[] args) throws IOException {
        int tasks = Integer.parseInt(args[0]);
        int capability = Integer.parseInt(args[1]);
        try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("devices"))) {
            DeviceCheck.run(context, () -> devices(capability));
            List<String> lines = context.parallelize(
                            IntStream.range(0, tasks).boxed().toList(), tasks)
                    .map(index -> task(capability))
                    .collect();
            Files.write(Path.of(args[2]), lines);
        }
    }

    private static String task(int capability) throws InterruptedException {
        TaskDevice.bind(devices(capability), TaskDevice.current());
        // Long enough that tasks run side by side.
        Thread.sleep(200);
        String address = TaskContext.get().resourcesJMap().get("gpu").addresses()[0];
        return SparkEnv.get().executorId() + " " + address + " " + BOUND.get();
    }

    private static Devices devices(int capability) {
        return new Devices() {
            @Override
            public int count() {
                return 2;
            }

            @Override
            public Capability capability(int device) {
                return new Capability("a device", capability / 10, capability % 10);
            }

            @Override
            public Supported supported() {
                return new Supported(37, 89, "a library");
            }

            @Override
            public void use(int device) {
                BOUND.set(device);
            }
        };
    }
}

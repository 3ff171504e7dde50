package io.etastar.spark.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSlotsTest {
    @ParameterizedTest
    @CsvSource({
        "spark://a:1, 8, 1, 0.25, 8, 4",
        "spark://a:1, 8, 1, 0.3, 8, 3",
        "spark://a:1, 2, 1, 0.25, 2, 2",
        "spark://a:1, 8, 2, 0.125, 4, 4",
        "spark://a:1, 8, 1, 1, 8, 1",
        "spark://a:1, 8, 1, 2, 8, 1",
        "yarn, 8, 1, , 8, 8",
        "yarn, , , , 1, 1",
        "local[3], 8, 1, 0.5, 3, 3",
        "local, 8, 1, 0.5, 1, 1",
        "'local-cluster[2,4,1024]', , 1, 0.5, 4, 2"
    })
    void tasksAtOnce(String master, String cores, String cpus, String gpus, int inProcess, int onDevice) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        set(conf, "spark.executor.cores", cores);
        set(conf, "spark.task.cpus", cpus);
        set(conf, "spark.task.resource.gpu.amount", gpus);
        assertEquals(inProcess, TaskSlots.inProcess(conf));
        assertEquals(onDevice, TaskSlots.onDevice(conf));
    }

    private static void set(SparkConf conf, String name, String value) {
        if (value != null) {
            conf.set(name, value);
        }
    }
}

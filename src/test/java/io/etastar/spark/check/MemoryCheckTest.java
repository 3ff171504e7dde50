package io.etastar.spark.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final MemoryNeeds SMALL = new MemoryNeeds(240_000, 60_000, 10 * MIB, 20 * MIB, 4);

    private static SparkConf conf(String... settings) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return conf;
    }

    private static String refusal(SparkConf conf, MemoryNeeds needs, long driverHeap) {
        return assertThrows(UserError.class, () -> MemoryCheck.warnings(conf, needs, driverHeap))
                .getMessage();
    }

    /** Sets the size that the message asks for, and finds that it is enough. */
    private static void assertMends(SparkConf conf, String setting, MemoryNeeds needs) {
        String line = refusal(conf, needs, 2 * GIB);
        assertTrue(line.startsWith(setting + ": found "), line);
        SparkConf mended = conf.clone().set(setting, line.replaceAll(".*expected (\\d+m) or more.*", "$1"));
        assertEquals(List.of(), MemoryCheck.warnings(mended, needs, 2 * GIB));
    }

    @Test
    void aSmallModelFitsEverywhereWithSparksDefaults() {
        for (String master :
                List.of("local", "local[2]", "local[*]", "local-cluster[2,1,1024]", "spark://a:1", "yarn", "k8s://a")) {
            assertEquals(List.of(), MemoryCheck.warnings(conf("spark.master", master), SMALL, GIB), master);
        }
    }

    @Test
    void aHeapTooSmallForRowsAndGradientsIsRefusedWithASizeThatIsEnough() {
        MemoryNeeds rows = new MemoryNeeds(240_000, 60_000, 10 * MIB, GIB, 4);
        SparkConf conf =
                conf("spark.master", "spark://a:1", "spark.executor.memory", "1g", "spark.executor.cores", "2");
        assertEquals(
                "spark.executor.memory: found 1024m for rows and gradients of 2 tasks at once (a shard has 1024m; more"
                        + " data.partitions make smaller ones), expected 3374m or more, or fewer tasks at once, or a"
                        + " smaller training.micro_batch",
                refusal(conf, rows, GIB));
        assertMends(conf, "spark.executor.memory", rows);
        String local = refusal(conf("spark.master", "local[2]"), rows, GIB);
        assertTrue(
                local.startsWith("spark.driver.memory: found 1024m for rows and gradients of 2 tasks at once"), local);
        assertTrue(local.endsWith("m or more (in jobs/*.sh: ETASTAR_DRIVER_MEMORY)"), local);
    }

    @Test
    void tasksAtOnceAreCoresOverCoresOfATaskAndNoMoreThanShards() {
        MemoryNeeds rows = new MemoryNeeds(4, 1, 0, 300 * MIB, 4);
        SparkConf eight = conf("spark.master", "yarn", "spark.executor.memory", "1g", "spark.executor.cores", "8");
        assertTrue(refusal(eight, rows, GIB).contains("of 4 tasks at once"));
        SparkConf four = eight.clone().set("spark.task.cpus", "4").set("spark.executor.memory", "1500m");
        assertEquals(List.of(), MemoryCheck.warnings(four, rows, GIB));
    }

    @Test
    void aContainerMustHoldTheEnginesOutsideTheHeap() {
        MemoryNeeds engines = new MemoryNeeds(240_000, 60_000, 500 * MIB, MIB, 4);
        for (String master : List.of("yarn", "k8s://https://a:6443")) {
            SparkConf conf = conf("spark.master", master, "spark.executor.memory", "4g");
            List<String> tight = MemoryCheck.warnings(conf.clone().set("spark.executor.memory", "6g"), engines, GIB);
            assertEquals(1, tight.size());
            assertTrue(
                    tight.get(0).startsWith("memory is tight: spark.executor.memoryOverhead: found 615m"),
                    tight.get(0));
            assertMends(conf, "spark.executor.memoryOverhead", engines);
            assertEquals(
                    List.of(),
                    MemoryCheck.warnings(conf.set("spark.executor.memoryOverheadFactor", "0.5"), engines, GIB));
        }
        assertEquals(List.of(), MemoryCheck.warnings(conf("spark.master", "spark://a:1"), engines, GIB));
    }

    @Test
    void memoryOverheadIsInMebibytesWithoutAUnit() {
        MemoryNeeds engines = new MemoryNeeds(240_000, 60_000, 500 * MIB, MIB, 4);
        SparkConf conf = conf("spark.master", "yarn", "spark.executor.memoryOverhead", "1400");
        assertEquals(List.of(), MemoryCheck.warnings(conf, engines, GIB));
        assertTrue(refusal(conf.set("spark.executor.memoryOverhead", "400"), engines, GIB)
                .startsWith("spark.executor.memoryOverhead: found 400m for the engines of one task outside the heap"));
    }

    @Test
    void theBoundOfTheAllocatorCountsToo() {
        MemoryNeeds engines = new MemoryNeeds(240_000, 60_000, 5 * GIB, MIB, 4);
        SparkConf conf = conf("spark.master", "spark://a:1", "spark.executor.memory", "1g");
        String line = refusal(conf, engines, GIB);
        assertTrue(line.contains("which ND4J bounds by four times the heap"), line);
        assertMends(conf, "spark.executor.memory", engines);
        SparkConf unbounded = conf.clone()
                .set("spark.executor.extraJavaOptions", "-Da=b -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dc=d");
        assertEquals(List.of(), MemoryCheck.warnings(unbounded, engines, GIB));
        SparkConf bound =
                conf.clone().set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=3g");
        assertTrue(refusal(bound, engines, GIB)
                .startsWith("org.bytedeco.javacpp.maxphysicalbytes: found 3072m for the engines of one task"));
    }

    @Test
    void theDriverHoldsTheParametersAndAGradientComesBack() {
        MemoryNeeds large = new MemoryNeeds(4L * 100_000_000, 100_000_000, MIB, MIB, 2);
        SparkConf conf = conf("spark.master", "spark://a:1", "spark.executor.memory", "64g");
        assertTrue(refusal(conf, large, 2 * GIB)
                .startsWith("spark.driver.memory: found 2048m for the parameters on the driver, expected "));
        SparkConf little = conf.clone().set("spark.driver.maxResultSize", "256m");
        assertTrue(refusal(little, large, 64 * GIB).startsWith("spark.driver.maxResultSize: found 256m"));
        assertEquals(List.of(), MemoryCheck.warnings(conf, large, 64 * GIB));
    }
}

package io.etastar.spark.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageResourcesTest {
    private static final String PREFIX = "spark.etastar.training.";

    private static SparkConf conf(String master) {
        return new SparkConf(false).setMaster(master).set("spark.dynamicAllocation.enabled", "true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "executor.memory | 4x | found '4x', expected a size such as 512m or 2g",
                "executor.memory | 0 | found '0', expected a size such as 512m or 2g",
                "executor.cores | 0 | found '0', expected int >= 1",
                "task.cpus | two | found 'two', expected int >= 1",
                "executor.instances | 3 | found no such setting, expected one of executor.memory, executor.memoryOverhead,",
                "task.resource.gpu.vendor | x | found no such setting, expected one of executor.memory,",
                "executor.resource.gpu.amount | 0.5 | found '0.5', expected int >= 1",
                "task.resource.gpu.amount | 1.5 | found '1.5', expected a number in (0, 1], or a whole one",
                "task.resource.gpu.amount | 0 | found '0', expected a number in (0, 1], or a whole one"
            })
    void aWrongSettingIsNamed(String name, String value, String message) {
        UserError error = assertThrows(
                UserError.class, () -> StageResources.inPlace(conf("yarn").set(PREFIX + name, value)));
        assertTrue(error.getMessage().startsWith(PREFIX + name + ": " + message), error.getMessage());
    }

    @Test
    void executorsOfAnotherKindComeByDynamicAllocation() {
        SparkConf fixed =
                conf("yarn").set("spark.dynamicAllocation.enabled", "false").set(PREFIX + "executor.memory", "4g");
        assertEquals(
                PREFIX + "executor.memory: found spark.dynamicAllocation.enabled = false, expected true: only then are"
                        + " there executors of several kinds",
                assertThrows(UserError.class, () -> StageResources.inPlace(fixed))
                        .getMessage());
        StageResources.inPlace(fixed.set("spark.dynamicAllocation.enabled", "true"));
    }

    @Test
    void whatExecutorsHaveTasksTake() {
        SparkConf executors = conf("yarn").set(PREFIX + "executor.resource.gpu.amount", "2");
        assertEquals(
                PREFIX + "task.resource.gpu.amount: found nothing, expected a number, as executors have this resource",
                assertThrows(UserError.class, () -> StageResources.inPlace(executors))
                        .getMessage());
        StageResources.inPlace(executors.set(PREFIX + "task.resource.gpu.amount", "0.25"));
        SparkConf tasks = conf("yarn").set(PREFIX + "task.resource.gpu.amount", "1");
        assertEquals(
                PREFIX + "executor.resource.gpu.amount: found nothing, expected a number, as tasks take this resource",
                assertThrows(UserError.class, () -> StageResources.inPlace(tasks))
                        .getMessage());
        // Tasks alone may take of what all executors have.
        StageResources.inPlace(
                tasks.set("spark.executor.resource.gpu.amount", "1").set("spark.dynamicAllocation.enabled", "false"));
    }

    @Test
    void settingsOfTrainingStandInPlaceOfSparks() {
        SparkConf conf = conf("yarn").set("spark.executor.memory", "1g").set(PREFIX + "executor.memory", "4g");
        assertEquals("4g", StageResources.inPlace(conf).get("spark.executor.memory"));
        assertEquals("1g", conf.get("spark.executor.memory"));
    }

    @Test
    void aLocalMasterTakesNoNotice() {
        SparkConf conf = conf("local[2]")
                .set("spark.executor.memory", "1g")
                .set("spark.dynamicAllocation.enabled", "false")
                .set(PREFIX + "executor.memory", "4g");
        StageResources.inPlace(conf);
        assertEquals("1g", StageResources.inPlace(conf).get("spark.executor.memory"));
    }
}

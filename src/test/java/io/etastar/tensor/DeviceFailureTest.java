package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class DeviceFailureTest {
    private static final String LINE =
            "gpu: executor 3: found device 1: a call: 2 NO_MEMORY the log, expected less; and more";

    /** A failure of some library. */
    private static final class Failed extends DeviceFailure {
        Failed(String found) {
            super(found, "less", true);
        }
    }

    private static DeviceFailure failure() {
        return new Failed("device 1: a call: 2 NO_MEMORY\nthe\tlog")
                .in("executor 3")
                .and("and more");
    }

    @Test
    void aFailureIsOneLine() {
        assertEquals(LINE, failure().getMessage());
        assertTrue(failure().outOfMemory());
        assertTrue(new Failed("x".repeat(5000)).in("here").getMessage().length() < 1000);
    }

    @Test
    void itIsFoundBehindSparksException() {
        DeviceFailure failure = failure();
        SparkException aborted = new SparkException("Job aborted", failure);
        assertEquals(
                LINE, DeviceFailure.behind(new IllegalStateException(aborted)).getMessage());
        assertEquals(
                "gpu: this process: found a, expected less",
                DeviceFailure.behind(new IllegalStateException(new Failed("a"))).getMessage());
    }

    /** As where all executors are excluded: Spark tells the last failure as text. */
    @Test
    void itIsFoundInTheTextOfATasksFailure() {
        StringWriter trace = new StringWriter();
        failure().printStackTrace(new PrintWriter(trace, true));
        String text =
                "Aborting TaskSet 1.0 because task 0 cannot run anywhere due to node and executor excludeOnFailure."
                        + "\nMost recent failure:\nLost task 0.1 in stage 1.0 (TID 2) (host executor 3): " + trace;
        assertEquals(LINE, DeviceFailure.behind(new SparkException(text)).getMessage());
    }

    @Test
    void otherExceptionsAreNone() {
        assertNull(DeviceFailure.behind(new IllegalStateException("io.etastar", new RuntimeException((String) null))));
    }
}

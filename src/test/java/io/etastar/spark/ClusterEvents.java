package io.etastar.spark;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** What Spark says about executors and tasks. */
public final class ClusterEvents extends SparkListener {
    private static final int WAIT_SECONDS = 120;

    private final AtomicInteger added = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();
    private final AtomicInteger decommissioned = new AtomicInteger();
    private final AtomicInteger failedTasks = new AtomicInteger();
    private final AtomicInteger speculativeWins = new AtomicInteger();
    private final AtomicInteger jobsOfSteps = new AtomicInteger();

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        if (String.valueOf(event.properties().get("spark.job.description")).matches("steps \\d+ to \\d+")) {
            jobsOfSteps.incrementAndGet();
        }
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
        added.incrementAndGet();
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        removed.incrementAndGet();
        if (event.reason().toLowerCase(Locale.ROOT).contains("decommission")) {
            decommissioned.incrementAndGet();
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.reason() instanceof TaskFailedReason) {
            failedTasks.incrementAndGet();
        } else if (event.taskInfo().speculative()) {
            speculativeWins.incrementAndGet();
        }
    }

    /** Executors that joined so far. */
    public int added() {
        return added.get();
    }

    /** Executors lost so far. */
    public int removed() {
        return removed.get();
    }

    /** Those of them that Spark had decommissioned before. */
    public int decommissioned() {
        return decommissioned.get();
    }

    /** Tasks that failed or were killed so far. */
    public int failedTasks() {
        return failedTasks.get();
    }

    /** Speculative copies of tasks that ended first, so far. */
    public int speculativeWins() {
        return speculativeWins.get();
    }

    /** Jobs begun so far that make steps next to the data. */
    public int jobsOfSteps() {
        return jobsOfSteps.get();
    }

    /**
     * Waits, for two minutes at most: Spark's events come late.
     *
     * @throws IllegalStateException where that is too short
     */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not seen in " + WAIT_SECONDS + " s: " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}

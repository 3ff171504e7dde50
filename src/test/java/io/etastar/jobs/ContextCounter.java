package io.etastar.jobs;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;

/** Made once by every Spark context of a test's job, so that tests can tell whether one was started. */
public final class ContextCounter extends SparkListener {
    private static final AtomicInteger STARTED = new AtomicInteger();

    /** Called by Spark. */
    public ContextCounter() {
        STARTED.incrementAndGet();
    }

    /** Contexts started so far. */
    static int started() {
        return STARTED.get();
    }
}

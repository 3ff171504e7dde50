package io.etastar.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A Spark context inside the test's JVM, without a web page, on the loopback address. */
public final class SparkTestSession implements AutoCloseable {
    private final JavaSparkContext context;

    private SparkTestSession(SparkConf conf) {
        context = new JavaSparkContext(conf);
        context.setLogLevel("OFF");
    }

    /** Starts a context on {@code master}, such as local[2]. */
    public static SparkTestSession open(String master) {
        return new SparkTestSession(new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    /** The context; stopped with this. */
    public JavaSparkContext context() {
        return context;
    }

    @Override
    public void close() {
        context.stop();
    }
}

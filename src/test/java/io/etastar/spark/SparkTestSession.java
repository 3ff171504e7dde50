package io.etastar.spark;

import java.util.Map;
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
        return open(master, Map.of());
    }

    /** Starts a context with further settings. */
    public static SparkTestSession open(String master, Map<String, String> settings) {
        SparkConf conf = new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
        settings.forEach(conf::set);
        return new SparkTestSession(conf);
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

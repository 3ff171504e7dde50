package io.etastar.jobs;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A context that is started when it is first asked for: mistakes that need no Spark are told before. */
final class LazyContext implements AutoCloseable {
    private final SparkConf conf;
    private JavaSparkContext context;

    LazyContext(SparkConf conf) {
        this.conf = conf;
    }

    JavaSparkContext get() {
        if (context == null) {
            context = Contexts.open(conf);
        }
        return context;
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}

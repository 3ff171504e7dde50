package io.etastar.frame;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** Spark jobs with a description that says what they are for. */
final class Described {
    private static final String KEY = "spark.job.description";

    private Described() {}

    static <T> T job(SparkContext context, String description, Supplier<T> job) {
        String before = context.getLocalProperty(KEY);
        context.setLocalProperty(KEY, description);
        try {
            return job.get();
        } finally {
            context.setLocalProperty(KEY, before);
        }
    }
}

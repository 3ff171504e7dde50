package io.etastar.experiment;

import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.training.TrainingPlan;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment may use.
 *
 * @param scale share of its length that is run, in (0, 1]
 * @param spark the context, started when it is first asked for; the experiment does not stop it
 * @param output directory for files, or null if none are wanted
 * @param progress takes lines for people
 * @param data the rows of a job, opened once however often they are asked for; throws {@link io.etastar.UserError}
 * @param plans the plan of a job, everything checked that can be without Spark; throws {@link io.etastar.UserError}
 */
public record RunContext(
        double scale,
        Supplier<JavaSparkContext> spark,
        @Nullable Path output,
        Consumer<String> progress,
        Function<Configuration, JobData.Sets> data,
        Function<Configuration, TrainingPlan> plans) {
    /** Of experiments without jobs. */
    public RunContext(
            double scale, Supplier<JavaSparkContext> spark, @Nullable Path output, Consumer<String> progress) {
        this(scale, spark, output, progress, RunContext::none, RunContext::none);
    }

    private static <T> T none(Configuration configuration) {
        throw new IllegalStateException("no jobs here");
    }
}

package io.etastar.tune;

import io.etastar.UserError;
import io.etastar.data.RowRange;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partition;
import io.etastar.report.Listeners;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.rows.Rows;
import io.etastar.training.ClusterShape;
import io.etastar.training.ModelShape;
import io.etastar.training.Plans;
import io.etastar.training.RunStore;
import io.etastar.training.TrainingDiverged;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import io.etastar.training.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Training runs of a job with keys of trials: on a part of its training rows, judged on the others. Test rows have no say. */
public final class TrialRuns {
    private final Job job;
    private final JobData data;
    private final Supplier<JavaSparkContext> spark;
    private final Supplier<ClusterShape> cluster;

    /**
     * The job.
     *
     * @param file of the job
     * @param overrides {@code path=value} each
     * @param validationShare share of the training rows, the last of them, that are held back, in (0, 1)
     * @param seeds runs of each trial
     */
    public record Job(String file, List<String> overrides, double validationShare, int seeds) {}

    /**
     * Starts nothing.
     *
     * @param spark the context, asked for when it is needed
     * @param cluster what the context has, asked for if a plan needs it
     */
    public TrialRuns(Job job, Supplier<JavaSparkContext> spark, Supplier<ClusterShape> cluster) {
        this.job = job;
        this.spark = spark;
        this.cluster = cluster;
        data = new JobData(spark);
    }

    /**
     * Checks keys; trains nothing.
     *
     * @param measure what trials are compared by
     * @throws UserError at the first mistake
     */
    public void check(Map<String, String> keys, Measure measure) {
        if (keys.containsKey("seed")) {
            throw refused("seed", "another key: --seeds says how many seeds a trial has");
        }
        for (String key : keys.keySet()) {
            if (key.startsWith("spark.")) {
                throw refused(key, "another key: one context serves all trials");
            }
        }
        TrainingPlan plan = plan(keys, 0);
        plan.check();
        if (measure == Measure.VALIDATION_ACCURACY
                && ModelShape.of(plan.model()).classes() == 0) {
            throw new UserError(
                    UserError.Subject.option("measure"), measure + " of a model without classes", "validation_loss");
        }
        Optimizers.create(
                plan.method().optimizer(),
                new Partition(plan.model().build().layout(), plan.method().groups()));
    }

    private static UserError refused(String key, String expected) {
        return new UserError(UserError.Subject.option("vary"), "key '" + key + "'", expected);
    }

    /** Trains once for each seed, the job's own and those after it; a trial of which one diverges has diverged. */
    public Trial train(Map<String, String> keys) {
        long begin = System.nanoTime();
        Trial.Figures figures;
        try {
            figures = Trial.Figures.mean(IntStream.range(0, job.seeds())
                    .mapToObj(run -> run(plan(keys, run)))
                    .toList());
        } catch (TrainingDiverged divergence) {
            figures = Trial.Figures.diverged("step " + divergence.step());
        }
        return new Trial(keys, figures, (System.nanoTime() - begin) / 1e9);
    }

    private TrainingResult run(TrainingPlan plan) {
        return new TrainingRun(spark.get(), plan, RunStore.memory(), new Listeners(List.of())).run();
    }

    /** The plan of a trial's run, numbered from 0. */
    private TrainingPlan plan(Map<String, String> keys, int run) {
        List<String> overrides = new ArrayList<>(job.overrides());
        keys.forEach((key, value) -> overrides.add(key + "=" + value));
        Configuration first = Configuration.load(job.file(), overrides);
        overrides.add("seed=" + (first.seed() + run));
        Configuration given = run == 0 ? first : Configuration.load(job.file(), overrides);
        Configuration validating = given.validating(job.validationShare());
        JobData.Sets rows = data.of(validating);
        Rows validation = validation(given, rows);
        Configuration fitted = Plans.fitted(validating, rows.train());
        Configuration decided = Plans.decided(fitted, rows.train(), rows.summaries(), cluster);
        return Plans.of(decided, rows.train(), validation, rows.summaries(), rows::measure);
    }

    /** What is split off, without the job's own test rows: a share of the training rows that comes after all others. */
    private static Rows validation(Configuration given, JobData.Sets rows) {
        if (!given.data().splits()) {
            return rows.test();
        }
        int all = rows.train().count() + rows.test().count();
        int own = RowRange.testRows(all, given.data().files().testShare());
        if (own >= rows.test().count()) {
            throw new UserError(
                    UserError.Subject.option("validation-share"),
                    "no row between the training rows and the " + own + " test rows",
                    "a larger share");
        }
        return rows.test().first(rows.test().count() - own);
    }
}

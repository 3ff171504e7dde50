package io.etastar.experiment.comparison;

import io.etastar.data.RowShape;
import io.etastar.experiment.RunContext;
import io.etastar.optimizer.SummaryResult;
import io.etastar.quantity.LossSum;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.training.ClusterShape;
import io.etastar.training.Plans;
import io.etastar.training.RunStore;
import io.etastar.training.TrainingDiverged;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import io.etastar.training.TrainingRun;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one workload: its data are read once. Nothing is tested or stored while a run trains, so that one Spark job makes many steps,
 * and its seconds are those of training; the model that it keeps is evaluated afterwards.
 */
final class WorkloadRuns implements AutoCloseable {
    private final Workload workload;
    private final RunContext context;
    private @Nullable HeldRows train;
    private @Nullable HeldRows test;

    WorkloadRuns(Workload workload, RunContext context) {
        this.workload = workload;
        this.context = context;
    }

    /**
     * Makes a run.
     *
     * @param competitor its optimizer
     * @param id which run
     * @param key of the result
     * @throws io.etastar.UserError if the job cannot be done
     */
    RunResult run(Competitor competitor, RunResult.Id id, String key) {
        double budget = id.budget() * workload.settings().unit() * context.scale();
        PassCount count = PassCount.of(plan(competitor, id, 1));
        long steps = count.steps(budget);
        TrainingPlan plan = plan(competitor, id, steps);
        Summaries summaries = new Summaries();
        TrainingRun run = new TrainingRun(context.spark().get(), plan, RunStore.memory(), summaries);
        long start = System.nanoTime();
        try {
            TrainingResult result = run.run();
            RunResult.Work work = new RunResult.Work(
                    result.steps(), summaries.count, count.passes(result.steps(), summaries.count), result.seconds());
            return new RunResult(id, key, work, losses(run, result));
        } catch (TrainingDiverged diverged) {
            context.progress().accept(workload.name() + ", " + competitor.name() + ": " + diverged.getMessage());
            double seconds = (System.nanoTime() - start) * 1e-9;
            RunResult.Work work = new RunResult.Work(
                    diverged.step(), summaries.count, count.passes(diverged.step(), summaries.count), seconds);
            return new RunResult(id, key, work, RunResult.Losses.DIVERGED);
        }
    }

    private RunResult.Losses losses(TrainingRun run, TrainingResult result) {
        HeldRows rows = Objects.requireNonNull(train);
        LossSum trained = run.loss(result.kept().model(), rows);
        HeldRows others = test;
        LossSum tested = others == null ? null : run.loss(result.kept().model(), others);
        RowShape shape = rows.shape();
        return new RunResult.Losses(
                trained.meanLoss(),
                tested == null ? Double.NaN : tested.meanLoss(),
                tested == null || shape.classes() == 0 ? Double.NaN : tested.accuracy());
    }

    private TrainingPlan plan(Competitor competitor, RunResult.Id id, long steps) {
        Configuration given = workload.configuration(competitor, id.batch(), id.seed(), steps);
        HeldRows rows = trainingRows(given);
        Configuration fitted = Plans.fitted(given, rows);
        Configuration decided = Plans.decided(
                fitted, rows, () -> ClusterShape.of(context.spark().get()));
        return Plans.of(decided, rows, null, rows::measure);
    }

    /** Those of the first run: a source that draws its rows by the seed has the same ones in all runs. */
    private HeldRows trainingRows(Configuration configuration) {
        HeldRows known = train;
        if (known == null) {
            JobData.Sets sets = context.data().apply(configuration);
            int most = workload.settings().rows();
            known = new HeldRows(
                    most > 0 && most < sets.train().count() ? sets.train().first(most) : sets.train());
            train = known;
            test = new HeldRows(
                    most > 0 && most < sets.test().count() ? sets.test().first(most) : sets.test());
        }
        return known;
    }

    @Override
    public void close() {
        HeldRows first = train;
        HeldRows second = test;
        if (first != null && second != null) {
            first.close();
            second.close();
        }
    }

    /** Counts summaries. */
    private static final class Summaries implements RunListener {
        private long count;

        @Override
        public void step(StepMetrics metrics) {
            // The end counts.
        }

        @Override
        public void summary(long step, SummaryResult summary) {
            count++;
        }

        @Override
        public void epoch(EpochMetrics metrics) {
            // The end counts.
        }

        @Override
        public void checkpoint(long step, String path) {
            // Nothing is kept.
        }
    }
}

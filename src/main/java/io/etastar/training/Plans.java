package io.etastar.training;

import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.Schedule;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.settings.SummarySettings;
import io.etastar.settings.TrainingSettings;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.taylor.FactorProgram;
import java.util.List;
import java.util.function.Supplier;

/** Plans of training runs. */
public final class Plans {
    private Plans() {}

    /**
     * The plan of a job.
     *
     * @param configuration of the job
     * @param train training rows
     * @param test test rows, or null
     * @param measure checks the rows and gives mean and deviation of the training rows' features; asked once, after all other
     *     checks
     * @throws io.etastar.UserError naming the key, what was found and what is expected
     */
    public static TrainingPlan of(
            Configuration configuration, Rows train, Rows test, Supplier<Standardisation> measure) {
        ModelDescription model = ModelShape.loaded(configuration.model());
        ModelShape shape = ModelShape.of(model);
        DataChecks.fit(configuration, shape, train);
        if (test != null) {
            DataChecks.fit(configuration, shape, test);
        }
        int partitions = configuration.data().rows().partitions();
        TrainingPlan.Batches batches = batches(configuration, train, partitions);
        OptimizerSettings optimizer = configuration.optimizer();
        if (optimizer.needs().contains(Need.KRONECKER_FACTORS)) {
            FactorProgram.check(model.build(), optimizer.kfac().sampled());
        }
        List<List<String>> groups =
                configuration.partition().on(model.build().layout()).groups();
        Standardisation measured = measure.get();
        Standardisation standardisation = configuration.data().rows().standardise() ? measured : null;
        TrainingSettings.Length length = configuration.training().length();
        Stopping stopping = Stopping.after(length.epochs(), length.maxSteps());
        OptimizerSpec spec = spec(configuration, stopping, batches.stepsPerEpoch(train.count(), partitions));
        TrainingPlan plan = new TrainingPlan(
                model,
                new TrainingPlan.Data(train, test, standardisation, partitions),
                new TrainingPlan.Method(spec, groups, communication(configuration)),
                batches,
                stopping,
                checkpoints(configuration),
                new TrainingPlan.Numerics(configuration.dtype(), length.microBatch(), configuration.seed()));
        plan.check();
        return plan;
    }

    private static TrainingPlan.Batches batches(Configuration configuration, Rows train, int partitions) {
        SummarySettings summary = configuration.summary();
        int given = configuration.training().length().batch();
        int givenSummaries = summary.batch();
        SummaryRows rows = new SummaryRows(summary.rows(), summary.share());
        int batch = given == 0 ? rows.trainingRows(train.count(), partitions) : given;
        int summaryBatch = givenSummaries == 0 ? rows.summaryRows(train.count(), partitions) : givenSummaries;
        summaryBatch = rows.ofTheStep() ? batch : summaryBatch;
        DataChecks.batch(configuration, "training.batch", batch, train);
        if (configuration.optimizer().needs().contains(Need.SUMMARY_BATCHES)) {
            DataChecks.batch(configuration, "summary.batch", summaryBatch, train);
        }
        return new TrainingPlan.Batches(batch, summaryBatch, rows);
    }

    private static OptimizerSpec spec(Configuration configuration, Stopping stopping, long stepsPerEpoch) {
        OptimizerSettings settings = configuration.optimizer();
        return new OptimizerSpec(
                settings,
                Schedule.of(settings.rate(), stepsPerEpoch, stopping.steps(stepsPerEpoch)),
                configuration.seed(),
                configuration.report().measureDecrease());
    }

    private static Communication communication(Configuration configuration) {
        TrainingSettings.Communication settings = configuration.training().communication();
        boolean onExecutor = settings.finalAggregation().equals("executor");
        return new Communication(
                settings.sync().equals("auto"),
                settings.period(),
                new Aggregation(settings.aggregationDepth(), onExecutor));
    }

    private static TrainingPlan.Checkpoints checkpoints(Configuration configuration) {
        TrainingSettings.Checkpoints settings = configuration.training().checkpoints();
        return new TrainingPlan.Checkpoints(
                settings.checkpointSteps(), settings.checkpointSeconds(), settings.keepCheckpoints());
    }
}

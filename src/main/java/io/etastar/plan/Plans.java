package io.etastar.plan;

import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.Schedule;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.settings.TrainingSettings;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.taylor.FactorProgram;
import io.etastar.training.TrainingPlan;
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
        ModelDescription model = GraphModels.read(configuration.model());
        ModelShape shape = ModelShape.of(model);
        DataChecks.fit(configuration, shape, train);
        if (test != null) {
            DataChecks.fit(configuration, shape, test);
        }
        TrainingSettings training = configuration.training();
        OptimizerSettings optimizer = configuration.optimizer();
        TrainingSettings.Length length = training.length();
        SummaryRows summaryRows = new SummaryRows(
                training.summaries().hgData(), training.summaries().hgShare());
        int partitions = configuration.data().rows().partitions();
        int batch = length.batch() == 0 ? summaryRows.trainingRows(train.count(), partitions) : length.batch();
        int hgBatch = training.summaries().hgBatch() == 0
                ? summaryRows.summaryRows(train.count(), partitions)
                : training.summaries().hgBatch();
        hgBatch = summaryRows.kind().equals("batch") ? batch : hgBatch;
        DataChecks.batch(configuration, "training.batch", batch, train);
        if (optimizer.needs().contains(Need.SUMMARY_BATCHES)) {
            DataChecks.batch(configuration, "training.hg_batch", hgBatch, train);
        }
        if (optimizer.needs().contains(Need.KRONECKER_FACTORS)) {
            FactorProgram.check(model.build(), optimizer.kfac().sampled());
        }
        List<List<String>> groups =
                configuration.partition().on(model.build().layout()).groups();
        Standardisation measured = measure.get();
        TrainingPlan plan = new TrainingPlan(
                model,
                train,
                test,
                configuration.data().rows().standardise() ? measured : null,
                groups,
                spec(configuration, TrainingPlan.stepsPerEpoch(summaryRows, train.count(), partitions, batch)),
                configuration.dtype(),
                partitions,
                batch,
                hgBatch,
                summaryRows,
                length.epochs(),
                length.microBatch(),
                configuration.seed(),
                training.checkpoints().checkpointSteps(),
                training.checkpoints().checkpointSeconds(),
                training.checkpoints().keepCheckpoints(),
                length.maxSteps(),
                new Communication(
                        training.communication().period(),
                        new Aggregation(
                                training.communication().aggregationDepth(),
                                training.communication().finalAggregation().equals("executor"))));
        plan.check();
        return plan;
    }

    private static OptimizerSpec spec(Configuration configuration, long stepsPerEpoch) {
        OptimizerSettings settings = configuration.optimizer();
        TrainingSettings.Length length = configuration.training().length();
        long steps = stepsPerEpoch * length.epochs();
        long most = length.maxSteps() == 0 ? steps : Math.min(steps, length.maxSteps());
        return new OptimizerSpec(
                settings,
                Schedule.of(settings.rate(), stepsPerEpoch, most),
                configuration.seed(),
                configuration.report().measureDecrease());
    }
}

package io.etastar.plan;

import io.etastar.config.Configuration;
import io.etastar.config.TrainingSettings;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.settings.OptimizerSettings;
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
        SummaryRows summaryRows = new SummaryRows(training.hgData(), training.hgShare());
        int partitions = configuration.data().partitions();
        int batch = training.batch() == 0 ? summaryRows.trainingRows(train.count(), partitions) : training.batch();
        int hgBatch = training.hgBatch() == 0 ? summaryRows.summaryRows(train.count(), partitions) : training.hgBatch();
        hgBatch = summaryRows.kind().equals("batch") ? batch : hgBatch;
        DataChecks.batch(configuration, "training.batch", batch, train);
        if (optimizer.drawsSummaryBatches()) {
            DataChecks.batch(configuration, "training.hg_batch", hgBatch, train);
        }
        if (optimizer.takesKroneckerFactors()) {
            FactorProgram.check(model.build(), optimizer.kfac().sampled());
        }
        List<List<String>> groups =
                configuration.partition().on(model.build().layout()).groups();
        Standardisation measured = measure.get();
        TrainingPlan plan = new TrainingPlan(
                model,
                train,
                test,
                configuration.data().standardise() ? measured : null,
                groups,
                optimizer.with(configuration.schedule(
                        TrainingPlan.stepsPerEpoch(summaryRows, train.count(), partitions, batch))),
                configuration.dtype(),
                partitions,
                batch,
                hgBatch,
                summaryRows,
                training.epochs(),
                training.microBatch(),
                configuration.seed(),
                training.checkpointSteps(),
                training.checkpointSeconds(),
                training.keepCheckpoints(),
                training.maxSteps(),
                new Communication(
                        training.syncPeriod(),
                        new Aggregation(training.aggregationDepth(), training.aggregatesOnExecutor())));
        plan.check();
        return plan;
    }
}

package io.etastar.experiment;

import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.training.TrainingPlan;
import org.apache.spark.api.java.JavaSparkContext;

/** The first training rows of a job, as rows are evaluated, and passes over them. */
final class FirstRows implements AutoCloseable {
    private final DistributedPass passes;
    private final ShardedData data;

    /**
     * Reads them.
     *
     * @param plan of the job
     * @param most rows at most
     */
    FirstRows(JavaSparkContext spark, TrainingPlan plan, int most) {
        Rows all = plan.data().train().forEvaluation();
        Rows rows = all.first(Math.min(all.count(), most));
        ProgramFactory engines = new ProgramFactory(
                plan.model().recipe(),
                plan.numerics().type(),
                plan.numerics().microBatch(),
                rows.count(),
                rows.count(),
                plan.numerics().backend());
        passes = new DistributedPass(spark, engines, plan.numerics().type(), Aggregation.DEFAULT);
        data = new ShardedData(
                spark,
                rows,
                plan.data().standardisation(),
                plan.data().targets(),
                plan.data().partitions(),
                plan.numerics().type());
    }

    /** A quantity summed over the rows. */
    <T extends Sum<T>> T evaluate(Quantity<T> quantity, Point<double[]> point) {
        return passes.evaluate(quantity, data, point);
    }

    @Override
    public void close() {
        data.close();
        passes.close();
    }
}

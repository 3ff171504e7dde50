package io.etastar.jobs;

import io.etastar.curvature.Lanczos;
import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.DeviceMemory;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import org.apache.spark.api.java.JavaSparkContext;

/** Passes of a problem over one set of rows, in the precision of these rows. */
final class SummaryPasses implements AutoCloseable {
    private final SummaryProblem problem;
    private final DType type;
    private final DistributedPass passes;
    private final ShardedData data;

    SummaryPasses(JavaSparkContext context, SummaryProblem problem, BackendChoice backend, Shard rows, int partitions) {
        this.problem = problem;
        type = rows.features().type();
        ProgramFactory engines =
                new ProgramFactory(problem.model().recipe(), type, 0, rows.rows(), rows.rows(), backend);
        DeviceMemory.check(context, engines, problem.partition(), Math.min(partitions, rows.rows()));
        DataSource source = new ArrayDataSource(
                "rows to summarize",
                rows.features(),
                new int[] {rows.featureLength()},
                rows.targets(),
                new int[] {rows.targetLength()},
                0,
                rows.weights());
        passes = new DistributedPass(context, engines, type, Aggregation.DEFAULT);
        data = new ShardedData(context, Rows.of(source), null, null, Math.min(partitions, rows.rows()), type);
    }

    <T extends Sum<T>> T evaluate(Quantity<T> quantity, Point<double[]> point) {
        return passes.evaluate(quantity, data, point);
    }

    /** Loss at theta. */
    LossSum loss() {
        return evaluate(new Quantity.Loss(), Point.at(problem.theta()));
    }

    /** Gradient of the mean loss [P]. */
    double[] gradient() {
        return evaluate(new Quantity.Gradient(), Point.at(problem.theta())).meanGradient();
    }

    /** The mean summary along a direction. */
    DerivativeSummary summary(double[] direction) {
        return evaluate(problem.summary(), Point.along(problem.theta(), direction))
                .mean();
    }

    /** Loss sums at theta - rate u for each rate. */
    LossSum[] losses(double[] direction, double... rates) {
        return evaluate(new Quantity.Losses(rates), Point.along(problem.theta(), direction))
                .losses();
    }

    Lanczos.TopEigenvalues topEigenvalues(int count) {
        return TopEigenvaluesOption.find(passes, data, problem.theta(), count, type);
    }

    @Override
    public void close() {
        data.close();
        passes.close();
    }
}

package io.etastar.ml.perceptron;

import io.etastar.UserError;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameRows;
import io.etastar.graph.ModelDescription;
import io.etastar.settings.Configuration;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.tensor.RawArray;
import io.etastar.training.ClusterShape;
import io.etastar.training.Plans;
import io.etastar.training.RunStore;
import io.etastar.training.Stopping;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingRun;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.sql.Dataset;
import scala.Option;

/** Training of MLlib's perceptron on the rows of a frame. */
final class PerceptronFit {
    private final MultilayerPerceptronClassifier params;
    private final PerceptronJob job;
    private final int[] layers;

    /**
     * What a fit gives.
     *
     * @param weights in MLlib's layout [P]
     * @param losses mean loss at the start, then of each pass
     */
    record Result(double[] weights, double[] losses) {}

    /** @param params Estimator whose Params say what to do */
    PerceptronFit(MultilayerPerceptronClassifier params) {
        this.params = params;
        job = new PerceptronJob(params);
        layers = params.getLayers();
    }

    /**
     * Trains.
     *
     * @param dataset columns of features and labels
     * @throws IllegalArgumentException for a mistake of the user
     */
    Result run(Dataset<?> dataset) {
        HadoopSettings.use(dataset.sparkSession());
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
        try (FrameRows rows = read(dataset)) {
            Configuration configuration = Plans.decided(job.configuration(), rows, () -> ClusterShape.of(context));
            TrainingPlan plan = Plans.of(configuration, rows, null, rows::measure);
            PerceptronWeights form = new PerceptronWeights(layers, plan.data().standardisation());
            return params.getMaxIter() == 0 ? untrained(context, plan, form) : trained(context, plan, form);
        } catch (UserError error) {
            throw new IllegalArgumentException(error.named(job::named, UnaryOperator.identity()), error);
        }
    }

    /**
     * The rows, checked as they are read. What MLlib refuses too is told by MLlib's own checks: they find nothing that reading does not, and
     * Spark interprets them element by element, which was a third of a fit of 280 000 rows of 20 numbers.
     */
    private FrameRows read(Dataset<?> dataset) {
        FrameColumns columns =
                FrameColumns.ofIndices(params.getFeaturesCol(), params.getLabelCol(), layers[layers.length - 1]);
        try {
            return FrameRows.of("training rows", dataset.toDF(), columns);
        } catch (UserError error) {
            checkAsMllib(dataset);
            throw error;
        }
    }

    /** Throws what MLlib does for a NaN, an infinite number or a label that is no class. */
    private void checkAsMllib(Dataset<?> dataset) {
        Object classes = layers[layers.length - 1];
        DatasetUtils$ checks = DatasetUtils$.MODULE$;
        dataset.select(
                        checks.checkNonNanVectors(params.getFeaturesCol()),
                        checks.checkClassificationLabels(params.getLabelCol(), Option.apply(classes)))
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
    }

    private Result trained(JavaSparkContext context, TrainingPlan plan, PerceptronWeights form) {
        PassLosses losses = new PassLosses(params.uid());
        double[] theta = new TrainingRun(context, started(plan, form), RunStore.memory(), losses)
                .run()
                .kept()
                .model()
                .theta()
                .toDoubles();
        return new Result(form.mllib(theta), losses.history());
    }

    /** The weights that training would begin with, and their loss over all rows. */
    private Result untrained(JavaSparkContext context, TrainingPlan plan, PerceptronWeights form) {
        double[] start = plan.model().initialParameters(plan.numerics().seed());
        double[] weights = isStarted() ? job.initialWeights() : form.mllib(start);
        double loss = new TrainingRun(context, plan, RunStore.memory(), new PassLosses(params.uid()))
                .trainingLoss(form.trained(weights))
                .meanLoss();
        return new Result(weights, new double[] {loss});
    }

    private boolean isStarted() {
        return params.isDefined(params.initialWeights());
    }

    /** The plan with the length and the initial weights that the Params say. */
    private TrainingPlan started(TrainingPlan plan, PerceptronWeights form) {
        ModelDescription model =
                isStarted() ? plan.model().startingFrom(RawArray.of(form.trained(job.initialWeights()))) : plan.model();
        return new TrainingPlan(
                model,
                plan.data(),
                plan.method(),
                plan.batches(),
                Stopping.after(job.passes(plan.stepsPerEpoch()), 0).early(job.tolerance(), 0),
                plan.checkpoints(),
                plan.numerics());
    }
}

package io.etastar.jobs;

import io.etastar.config.DataSettings;
import io.etastar.config.PartitionChoice;
import io.etastar.data.ArrayDataSource;
import io.etastar.data.DataSource;
import io.etastar.data.DigitsSource;
import io.etastar.data.IdxSource;
import io.etastar.data.NpzFile;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.report.RunListener;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import io.etastar.spark.DistributedPass;
import io.etastar.spark.FullBatch;
import io.etastar.spark.ProgramFactory;
import io.etastar.spark.ShardedData;
import io.etastar.spark.Trainer;
import io.etastar.spark.TrainingPlan;
import io.etastar.spark.TrainingResult;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.LossSum;
import io.etastar.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** Every call of a job into data, storage, spark and solve. */
final class Joints {
    private Joints() {}

    /** An array of an .npz file: row-major values. */
    record NamedArray(int[] shape, double[] values, boolean integral) {}

    /** A model as a run left it; standardisation may be null. */
    record SavedModel(ModelDescription description, double[] theta, Standardisation standardisation) {}

    /** eta*, null where there is none. */
    record Solution(double[] eta, double r, String solverCase) {}

    /** Training or test rows. */
    static DataSource data(DataSettings settings, long seed, boolean train) {
        if (settings.source().equals("digits")) {
            return train ? DigitsSource.train(seed) : DigitsSource.test(seed);
        }
        return IdxSource.open(settings.path(), train, settings.classes() == 0 ? 10 : settings.classes());
    }

    /** The subsets that a configuration chose. */
    static Partition partition(PartitionChoice choice, ParameterLayout layout) {
        return choice.spec() != null ? Partitions.parse(choice.spec(), layout) : Partitions.of(choice.groups(), layout);
    }

    /** Step of the newest whole checkpoint, 0 where there is none. */
    static long checkpointStep(String runDirectory) {
        Checkpoint newest = new CheckpointStore(runDirectory, 1).newestValid().checkpoint();
        return newest == null ? 0 : newest.step();
    }

    /** Trains. */
    static TrainingResult train(
            JavaSparkContext context, TrainingPlan plan, RunListener listener, String runDirectory, boolean resume) {
        return new Trainer(context, plan, listener, runDirectory, resume).run();
    }

    /** Reads the directory {@code model} of a run. */
    static SavedModel savedModel(String modelDirectory) {
        StoredModel stored = ModelDirectory.read(modelDirectory);
        return new SavedModel(
                new ModelDescription(stored.description()),
                stored.theta().toDoubles(),
                stored.mean() == null ? null : new Standardisation(stored.mean(), stored.deviation()));
    }

    /** Loss and hits over all rows. */
    static LossSum evaluate(
            JavaSparkContext context, ModelDescription model, DType type, double[] theta, ShardedRows rows) {
        DistributedPass passes = new DistributedPass(
                context,
                new ProgramFactory(model, type, rows.microBatch(), rows.source().rows(), 1),
                type,
                DistributedPass.DEPTH);
        try (ShardedData data = new ShardedData(context, rows.source(), rows.standardisation(), rows.partitions())) {
            return new FullBatch(passes, data, model.build().layout()).loss(theta);
        }
    }

    /** Rows with the standardisation (or null) to apply and the number of shards. */
    record ShardedRows(DataSource source, Standardisation standardisation, int partitions, int microBatch) {}

    /** Arrays of a NumPy file by name. */
    static Map<String, NamedArray> npz(String file) {
        Map<String, NamedArray> arrays = new LinkedHashMap<>();
        NpzFile.read(file)
                .arrays()
                .forEach((name, array) ->
                        arrays.put(name, new NamedArray(array.shape(), array.values(), array.integral())));
        return arrays;
    }

    /** Summary over all rows of {@code rows}, as sums; along the mean gradient where {@code direction} is null. */
    static DerivativeSummary summary(
            JavaSparkContext context,
            ModelDescription model,
            Shard rows,
            Partition partition,
            double[] theta,
            double[] direction) {
        DType type = rows.features().type();
        DistributedPass passes = new DistributedPass(
                context, new ProgramFactory(model, type, 0, rows.rows(), rows.rows()), type, DistributedPass.DEPTH);
        DataSource source = new ArrayDataSource(
                "rows to summarize",
                rows.features(),
                new int[] {rows.featureLength()},
                rows.targets(),
                new int[] {rows.targetLength()},
                0);
        try (ShardedData data = new ShardedData(context, source, null, 1)) {
            FullBatch all = new FullBatch(passes, data, model.build().layout());
            double[] along =
                    direction != null ? direction : all.gradient(theta, 0).meanGradient();
            return all.summary(theta, along, partition, 0);
        }
    }

    /** Solves for eta*. */
    static Solution solve(DerivativeSummary mean, double dampingInt) {
        EtaSolution solution = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), dampingInt);
        return new Solution(
                solution.found() ? solution.eta() : null,
                solution.r(),
                solution.solverCase().key());
    }
}

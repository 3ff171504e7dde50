package io.etastar.jobs;

import io.etastar.config.DataSettings;
import io.etastar.config.PartitionChoice;
import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.report.RunListener;
import io.etastar.spark.TrainingPlan;
import io.etastar.spark.TrainingResult;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.LossSum;
import io.etastar.tensor.DType;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** MERGE: every call of a job into packages that are not here yet, and nothing else. */
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
        throw missing("data.DigitsSource.train(seed) / .test(seed), data.IdxSource.open(path, train, classes)");
    }

    /** The subsets that a configuration chose. */
    static Partition partition(PartitionChoice choice, ParameterLayout layout) {
        throw missing("partition.Partitions.parse(choice.spec(), layout) / .of(choice.groups(), layout)");
    }

    /** Step of the newest whole checkpoint, 0 where there is none. */
    static long checkpointStep(String runDirectory) {
        throw missing("storage.CheckpointStore(runDirectory, 1).newestValid()");
    }

    /** Trains. */
    static TrainingResult train(
            JavaSparkContext context, TrainingPlan plan, RunListener listener, String runDirectory, boolean resume) {
        throw missing("spark.Trainer");
    }

    /** Reads the directory {@code model} of a run. */
    static SavedModel savedModel(String modelDirectory) {
        throw missing("storage.ModelDirectory.read");
    }

    /** Loss and hits over all rows. */
    static LossSum evaluate(
            JavaSparkContext context, ModelDescription model, DType type, double[] theta, ShardedRows rows) {
        throw missing("spark.SparkObjective.evaluate(DistributedPass, theta, ShardedData)");
    }

    /** Rows with the standardisation (or null) to apply and the number of shards. */
    record ShardedRows(DataSource source, Standardisation standardisation, int partitions, int microBatch) {}

    /** Arrays of a NumPy file by name. */
    static Map<String, NamedArray> npz(String file) {
        throw missing("data.NpzFile.read");
    }

    /** Summary over all rows of {@code rows}, as sums; along the mean gradient where {@code direction} is null. */
    static DerivativeSummary summary(
            JavaSparkContext context,
            ModelDescription model,
            Shard rows,
            Partition partition,
            double[] theta,
            double[] direction) {
        throw missing("spark.SparkSummary");
    }

    /** Solves for eta*. */
    static Solution solve(DerivativeSummary mean, double dampingInt) {
        throw missing("solve.EtaSolver.solve(g, h, order3, dampingInt)");
    }

    private static IllegalStateException missing(String what) {
        return new IllegalStateException(what + " is not here yet");
    }
}

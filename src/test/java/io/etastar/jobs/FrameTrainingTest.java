package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameRows;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.EngineFault;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.rows.Rows;
import io.etastar.training.ClusterShape;
import io.etastar.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a frame train to the bytes that the same rows of a file train to. */
class FrameTrainingTest {
    @TempDir
    Path directory;

    @Test
    void aFrameTrainsToTheSameBytes() throws IOException {
        String conf = JobRun.digits(directory, "training.epochs = 2", "data.partitions = 3");
        TrainingPlan plan = Train.plan(
                Configuration.load(conf, List.of()), new JobData(() -> null), () -> new ClusterShape(1, 1 << 30));
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            SparkSession sql =
                    SparkSession.builder().sparkContext(session.context().sc()).getOrCreate();
            Path files = directory.resolve("files");
            FaultRuns.train(session, plan, files, EngineFault.none(), step -> {});
            try (FrameRows train = rows(sql, DigitsSource.train(plan.numerics().seed()));
                    FrameRows test = rows(sql, DigitsSource.test(plan.numerics().seed()))) {
                FaultRuns.train(
                        session, on(plan, train, test), directory.resolve("frame"), EngineFault.none(), s -> {});
            }
            assertEquals(models(files), models(directory.resolve("frame")));
        }
    }

    /** Checkpoints also tell where rows come from. */
    private static Map<String, String> models(Path run) throws IOException {
        Map<String, String> files = new TreeMap<>(JobRun.files(run));
        files.keySet().removeIf(name -> !name.startsWith("model/"));
        assertEquals(2, files.size());
        return files;
    }

    private static FrameRows rows(SparkSession session, DigitsSource source) {
        Shard all = source.read(0, source.rows());
        int length = all.featureLength();
        double[] values = all.features().toDoubles();
        List<Row> rows = IntStream.range(0, all.rows())
                .mapToObj(i -> RowFactory.create(
                        Vectors.dense(Arrays.copyOfRange(values, i * length, (i + 1) * length)),
                        all.targets().get(i)))
                .toList();
        StructType schema = new StructType().add("features", new VectorUDT()).add("label", DataTypes.DoubleType);
        Dataset<Row> frame = session.createDataFrame(rows, schema);
        return FrameRows.of(
                "digits",
                frame,
                FrameColumns.of("features", "label", FrameColumns.FOUND)
                        .withShape(source.shape().features()));
    }

    private static TrainingPlan on(TrainingPlan plan, Rows train, Rows test) {
        TrainingPlan.Data data = new TrainingPlan.Data(
                train, test, plan.data().standardisation(), plan.data().partitions());
        return new TrainingPlan(
                plan.model(),
                data,
                plan.method(),
                plan.batches(),
                plan.stopping(),
                plan.checkpoints(),
                plan.numerics());
    }
}

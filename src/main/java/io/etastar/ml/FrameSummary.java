package io.etastar.ml;

import io.etastar.UserError;
import io.etastar.curvature.RoundingErrors;
import io.etastar.data.Standardisation;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameGroups;
import io.etastar.frame.FrameRows;
import io.etastar.graph.ModelDescription;
import io.etastar.interchange.NpzVector;
import io.etastar.optimizer.Subsets;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.solve.EtaSolver;
import io.etastar.spark.engine.DeviceMemory;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.spark.rows.ShardedData;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.training.ClusterShape;
import io.etastar.training.ModelShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The computation of a {@link CurvatureSummary}: in the frame's session, in double precision. */
final class FrameSummary {
    /** More groups than anyone reads, and sums that a driver still holds. */
    static final int MOST_GROUPS = 1000;

    /** Numbers of the features of a shard: 128 MB. */
    private static final long SHARD = 1 << 24;

    private final CurvatureSummary params;
    private final Dataset<Row> frame;
    private final JavaSparkContext context;
    private final BackendChoice backend;
    /** Subsets that no rate is solved for [S]. */
    private boolean[] belowRounding;

    FrameSummary(CurvatureSummary params, Dataset<Row> frame) {
        this.params = params;
        this.frame = frame;
        backend = params.computesOn();
        context = JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext());
    }

    /**
     * Rows of the summaries, sorted by group.
     *
     * @throws IllegalArgumentException naming the Param, column or file that is wrong
     */
    List<Row> rows() {
        HadoopSettings.use(frame.sparkSession());
        return Jobs.translated(() -> {
            SummarizedModel model = SummarizedModel.read(params);
            List<String> names = List.of(params.getGroupBy());
            FrameGroups groups = names.isEmpty()
                    ? new FrameGroups(frame, List.of(RowFactory.create()))
                    : FrameGroups.of(frame, names, MOST_GROUPS);
            FrameColumns columns = columns(model);
            FrameColumns asked = names.isEmpty() ? columns : columns.withGroup(FrameGroups.INDEX);
            try (FrameRows rows = FrameRows.of(
                    "rows to summarise", groups.frame(), asked, model.stored().table(), true)) {
                Map<Integer, DerivativeSummary> sums = sums(model, rows.widened());
                List<Row> summaries = new ArrayList<>();
                sums.forEach((group, sum) -> summaries.add(row(groups.keys().get(group), model.what(), sum)));
                return summaries;
            }
        });
    }

    private static FrameColumns columns(SummarizedModel model) {
        StoredModel stored = model.stored();
        int[] input = ModelShape.of(ModelDescription.of(stored)).input().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return new FrameColumns(
                        stored.table() == null ? List.of(model.features()) : List.of(),
                        model.label(),
                        model.weight(),
                        stored.classes(),
                        input)
                .withClasses(stored.classes(), stored.classValues());
    }

    /** Sums by group; all rows are group 0 if they are in none. */
    private Map<Integer, DerivativeSummary> sums(SummarizedModel model, FrameRows rows) {
        StoredModel stored = model.stored();
        checkTargets(model, rows);
        int shards = shards(rows);
        int inShard = (rows.count() + shards - 1) / shards;
        // Of one group in one shard, on average.
        int inCall = Math.max(
                1, Math.min(inShard, rows.count() / Math.max(1, rows.groups().runs())));
        ProgramFactory engines =
                new ProgramFactory(ModelDescription.of(stored).recipe(), DType.DOUBLE, 0, inShard, inCall, backend);
        DeviceMemory.checkDevices(context, engines, model.what().partition(), shards);
        try (DistributedPass passes = new DistributedPass(context, engines, DType.DOUBLE, Aggregation.DEFAULT);
                ShardedData data =
                        new ShardedData(context, rows, standardisation(stored), null, shards, DType.DOUBLE)) {
            double[] theta = stored.theta().toDoubles();
            boolean given = !params.getDirection().equals(CurvatureSummary.GRADIENT);
            double[] gradient = passes.evaluate(new Quantity.Gradient(), data, Point.at(theta))
                    .meanGradient();
            double[] direction = given ? NpzVector.read(params.getDirection(), stored.layout()) : gradient;
            Point<double[]> point = Point.along(theta, direction);
            Map<Integer, DerivativeSummary> sums = rows.groups().runs() == 0
                    ? Map.of(0, passes.evaluate(model.what(), data, point))
                    : passes.evaluate(model.what(), data, rows.groups(), point);
            DerivativeSummary whole =
                    DerivativeSummary.zero(model.what().partition().size());
            sums.values().forEach(whole::merge);
            belowRounding = belowRounding(model, rows, shards, new Whole(gradient, direction, whole.mean()));
            return sums;
        }
    }

    /**
     * Derivatives over all rows.
     *
     * @param gradient of the mean loss [P]
     * @param direction u [P]
     * @param mean summary along u
     */
    private record Whole(double[] gradient, double[] direction, DerivativeSummary mean) {
        /** With H for directions of length 1. */
        RoundingErrors.Derivatives derivatives(Partition partition) {
            double[] lengths = Subsets.norms(partition, direction);
            double[][] h = mean.h();
            for (int s = 0; s < h.length; s++) {
                for (int t = 0; t < h.length; t++) {
                    // A subset without a direction has zeros here.
                    h[s][t] = h[s][t] == 0 ? 0 : h[s][t] / lengths[s] / lengths[t];
                }
            }
            return new RoundingErrors.Derivatives(gradient, h);
        }
    }

    /** Which subsets' derivatives over all rows are below rounding [S], by passes in single precision. */
    private boolean[] belowRounding(SummarizedModel model, FrameRows rows, int shards, Whole whole) {
        StoredModel stored = model.stored();
        Partition partition = model.what().partition();
        int inShard = (rows.count() + shards - 1) / shards;
        ProgramFactory engines =
                new ProgramFactory(ModelDescription.of(stored).recipe(), DType.FLOAT, 0, inShard, inShard, backend);
        try (DistributedPass passes = new DistributedPass(context, engines, DType.FLOAT, Aggregation.DEFAULT);
                ShardedData data = new ShardedData(context, rows, standardisation(stored), null, shards, DType.FLOAT)) {
            double[] theta = stored.theta().toDoubles();
            double[] gradient = passes.evaluate(new Quantity.Gradient(), data, Point.at(theta))
                    .meanGradient();
            double[] unit = Subsets.normalised(partition, whole.direction);
            double[][] h = passes.evaluate(model.what(), data, Point.along(theta, unit))
                    .mean()
                    .h();
            return RoundingErrors.subsets(
                    partition,
                    whole.derivatives(partition),
                    new RoundingErrors.Derivatives(gradient, h),
                    RoundingErrors.DOUBLE);
        }
    }

    private static Standardisation standardisation(StoredModel stored) {
        return stored.mean() == null ? null : new Standardisation(stored.mean(), stored.deviation());
    }

    /** As many as tasks run at a time, more if they would be large. */
    private int shards(FrameRows rows) {
        long numbers = (long) rows.count() * rows.stored().featureLength();
        return (int) Math.min(rows.count(), Math.max(ClusterShape.of(context).slots(), numbers / SHARD + 1));
    }

    private static void checkTargets(SummarizedModel model, FrameRows rows) {
        int expected = ModelShape.of(ModelDescription.of(model.stored())).targets();
        int found = rows.stored().targetLength();
        if (found != expected) {
            throw new UserError(
                    UserError.Subject.column(model.label()),
                    "rows of " + found + " elements",
                    expected + ", the model's outputs");
        }
    }

    private Row row(Row key, Quantity.Summary what, DerivativeSummary sum) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            values.add(key.get(i));
        }
        values.add(sum.samples());
        values.add(sum.loss());
        values.add(what.partition().groups().stream()
                .map(names -> String.join(",", names))
                .toArray(String[]::new));
        values.add(boxed(sum.g()));
        values.add(Stream.of(sum.h()).map(FrameSummary::boxed).toArray(Double[][]::new));
        values.add(boxed(sum.order3()));
        values.add(eta(sum));
        return RowFactory.create(values.toArray());
    }

    /** The solution for the mean loss; null if there is none, or all weights are 0. */
    private Double[] eta(DerivativeSummary sum) {
        DerivativeSummary mean = sum.mean().without(belowRounding);
        double[] eta = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), params.getDampingInt())
                .eta();
        return eta == null ? null : boxed(eta);
    }

    private static Double[] boxed(double[] values) {
        return Arrays.stream(values).boxed().toArray(Double[]::new);
    }
}

package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.solve.EtaSolver;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** Summaries of frames against one program over all rows, without Spark. */
class CurvatureSummaryTest {
    private static final List<String> SUMS = List.of("samples", "loss", "g", "H", "order3");
    private static final double TOLERANCE = 1e-12;

    @TempDir
    static Path directory;

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;
    private static String path;
    private static Dataset<Row> digits;

    @BeforeAll
    static void train() throws IOException {
        frames = new Frames();
        model = Frames.classifier().setMaxIter(1).fit(frames.digits(600));
        path = directory.resolve("model").toString();
        model.save(path);
        // Weights 1, 2, 3, parity by twos of the rows, null in one row of three.
        digits = frames.digits()
                .coalesce(1)
                .withColumn("row", functions.monotonically_increasing_id())
                .selectExpr(
                        "features",
                        "label",
                        "1 + row % 3 as w",
                        "case when row % 3 = 0 then null when row % 4 < 2 then 'low' else 'high' end as part")
                .repartition(3)
                .cache();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static CurvatureSummary summary() {
        return new CurvatureSummary("s").setModel(path);
    }

    /** The sums over a frame's rows by one program, along the mean gradient if {@code direction} is null. */
    private static DerivativeSummary expected(
            StoredModel stored, List<Row> rows, String weight, String spec, Curvature curvature, double[] direction) {
        Model graph = new ModelDescription(stored.description()).build(DType.DOUBLE);
        Partition partition = Partitions.parse(spec, graph.layout());
        Shard shard = shard(stored, rows, weight);
        int[] all = IntStream.range(0, shard.rows()).toArray();
        try (Program program = Program.compile(graph, DType.DOUBLE, 13, partition, curvature)) {
            program.setParameters(RawArray.of(stored.theta().toDoubles()));
            double[] along =
                    direction != null ? direction : program.gradient(shard, all).meanGradient();
            program.setDirection(RawArray.of(along));
            return program.summary(shard, all);
        }
    }

    private static Shard shard(StoredModel stored, List<Row> rows, String weight) {
        double[] x = rows.stream()
                .flatMapToDouble(
                        row -> Arrays.stream(row.<Vector>getAs("features").toArray()))
                .toArray();
        double[] y = rows.stream()
                .mapToDouble(row -> row.<Number>getAs("label").doubleValue())
                .toArray();
        double[] w = weight == null
                ? null
                : rows.stream()
                        .mapToDouble(row -> row.<Number>getAs(weight).doubleValue())
                        .toArray();
        Shard shard = new Shard(rows.size(), RawArray.of(x), RawArray.of(y), w);
        new Standardisation(stored.mean(), stored.deviation()).applyInPlace(shard, new int[] {x.length / rows.size()});
        return shard;
    }

    private static double[] numbers(Row row, String column) {
        Object value = row.getAs(column);
        if (value instanceof Double number) {
            return new double[] {number};
        }
        List<?> list = row.getList(row.fieldIndex(column));
        return list.stream()
                .flatMapToDouble(each -> each instanceof Double number
                        ? Arrays.stream(new double[] {number})
                        : CollectionConverters.asJava((scala.collection.Seq<?>) each).stream()
                                .mapToDouble(inner -> (Double) inner))
                .toArray();
    }

    private static double[] numbers(DerivativeSummary sum, String column) {
        return switch (column) {
            case "samples" -> new double[] {sum.samples()};
            case "loss" -> new double[] {sum.loss()};
            case "g" -> sum.g();
            case "H" -> Arrays.stream(sum.h()).flatMapToDouble(Arrays::stream).toArray();
            default -> sum.order3();
        };
    }

    /** Each entry relative to the largest of its kind. */
    private static void assertClose(double[] expected, double[] found, double tolerance, String what) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertTrue(scale > 0, what);
        assertArrayEquals(expected, found, tolerance * scale, what);
    }

    private static void assertSums(DerivativeSummary expected, Row found) {
        for (String column : SUMS) {
            assertClose(numbers(expected, column), numbers(found, column), TOLERANCE, column);
        }
        DerivativeSummary mean = expected.mean();
        double[] eta = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), 1).eta();
        assertEquals(eta == null, found.getAs("eta") == null);
        if (eta != null) {
            assertClose(eta, numbers(found, "eta"), 1e-9, "eta");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "canonical, hessian, 6",
        "trivial, hessian, 1",
        "wb, ggn, 2",
        "blocks-2, hessian, 4",
        "names:layers.0.weight, ggn, 2"
    })
    void sumsAreThoseOfOneProgram(String partition, String curvature, int subsets) {
        NeuralNetworkClassificationModel deep = new NeuralNetworkClassifier()
                .setLayers(new int[] {64, 12, 8, 10})
                .setPreset("published")
                .setMaxIter(1)
                .fit(frames.digits(300));
        Row found = new CurvatureSummary()
                .setModel(deep)
                .setPartition(partition)
                .setCurvature(curvature)
                .transform(digits)
                .head();
        assertEquals(subsets, found.getList(found.fieldIndex("subsets")).size());
        assertSums(
                expected(deep.stored(), digits.collectAsList(), null, partition, Curvature.of(curvature), null), found);
    }

    /** Softmax ignores what a key's bias adds to all scores of a query: its slope is rounding, and would be a rate of any size. */
    @Test
    void keyBiasesOfAttentionHaveNoRate() {
        String transformer =
                "{\"model\":\"transformer\",\"length\":8,\"features\":8,\"width\":8,\"heads\":2,\"depth\":1,"
                        + "\"classes\":10,\"input\":[64],\"activation\":\"gelu\",\"loss\":\"nll\"}";
        ModelDescription description = new ModelDescription(transformer);
        ParameterLayout layout = description.build().layout();
        double[] ones = new double[64];
        Arrays.fill(ones, 8);
        StoredModel stored = new StoredModel(
                transformer, layout, RawArray.copyOf(DType.FLOAT, description.initialParameters(1)), ones, ones, 10);
        String saved = directory.resolve("transformer").toString();
        ModelDirectory.write(saved, stored);
        Row found = new CurvatureSummary()
                .setModel(saved)
                .setDampingInt(10)
                .transform(digits)
                .head();
        List<String> subsets = found.getList(found.fieldIndex("subsets"));
        double[] eta = numbers(found, "eta");
        double[] g = numbers(found, "g");
        for (int s = 0; s < eta.length; s++) {
            boolean key = subsets.get(s).endsWith("key.bias");
            assertEquals(key, eta[s] == 0, subsets.get(s) + " " + eta[s]);
            assertTrue(key ? g[s] != 0 && Math.abs(g[s]) < 1e-20 : Math.abs(eta[s]) < 1e6, subsets.get(s));
        }
    }

    /** The project's acceptance: digits by class. */
    @Test
    void sumsOfGroupsAreThoseOfTheWhole() {
        for (String curvature : List.of("hessian", "ggn")) {
            Row whole = summary().setCurvature(curvature).transform(digits).head();
            List<Row> classes = summary()
                    .setCurvature(curvature)
                    .setGroupBy("label")
                    .transform(digits)
                    .collectAsList();
            assertEquals(10, classes.size());
            for (String column : SUMS) {
                double[] sum = new double[numbers(whole, column).length];
                for (Row one : classes) {
                    double[] own = numbers(one, column);
                    Arrays.setAll(sum, i -> sum[i] + own[i]);
                }
                assertClose(numbers(whole, column), sum, TOLERANCE, column);
            }
        }
    }

    @Test
    void eachGroupIsOneProgramAlongTheGradientOfAllRows() {
        List<Row> all = digits.collectAsList();
        double[] direction;
        StoredModel stored = model.stored();
        Model graph = new ModelDescription(stored.description()).build(DType.DOUBLE);
        Shard shard = shard(stored, all, "w");
        try (Program program = Program.compile(graph, DType.DOUBLE, 100, null)) {
            program.setParameters(RawArray.of(stored.theta().toDoubles()));
            direction = program.gradient(shard, IntStream.range(0, all.size()).toArray())
                    .meanGradient();
        }
        Dataset<Row> found =
                summary().setWeightCol("w").setGroupBy("part", "label").transform(digits);
        List<Row> groups = found.collectAsList();
        assertEquals(30, groups.size());
        assertNull(groups.get(0).get(0));
        assertEquals("high", groups.get(10).getString(0));
        assertEquals(3.0, groups.get(23).getDouble(1));
        for (int i : new int[] {0, 10, 23}) {
            Row group = groups.get(i);
            List<Row> own = all.stream()
                    .filter(row -> Objects.equals(row.getAs("part"), group.get(0))
                            && row.getAs("label").equals(group.get(1)))
                    .toList();
            assertSums(expected(stored, own, "w", "canonical", Curvature.HESSIAN, direction), group);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void partitionsOfTheFrameDoNotMatter(int partitions) {
        List<Row> expected = summary().setGroupBy("part").transform(digits).collectAsList();
        List<Row> found = summary()
                .setGroupBy("part")
                .transform(digits.repartition(partitions))
                .collectAsList();
        assertEquals(3, found.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(expected.get(i).get(0), found.get(i).get(0));
            for (String column : SUMS) {
                assertClose(numbers(expected.get(i), column), numbers(found.get(i), column), TOLERANCE, column);
            }
        }
    }

    @Test
    void aDirectionFromAFile() throws IOException {
        ParameterLayout layout = model.stored().layout();
        double[] direction = new Random(5).doubles(layout.size(), -1, 1).toArray();
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < layout.count(); i++) {
            int from = layout.offset(i);
            arrays.put(
                    layout.name(i),
                    new NpzFile.Array(
                            layout.shape(i), Arrays.copyOfRange(direction, from, from + layout.length(i)), false));
        }
        String file = directory.resolve("direction.npz").toString();
        NpzFile.write(file, arrays);
        Row found = summary().setDirection(file).transform(digits).head();
        assertSums(
                expected(model.stored(), digits.collectAsList(), null, "canonical", Curvature.HESSIAN, direction),
                found);
    }

    @Test
    void numbersAsTargetsAndTheDirectoryOfARun() throws IOException {
        Dataset<Row> frame =
                frames.regression(true).selectExpr("features as x", "cast(label as float) as y", "1.5 as weight");
        NeuralNetworkRegressionModel fitted = new NeuralNetworkRegressor()
                .setLayers(new int[] {frame.first().<Vector>getAs(0).size(), 6, 1})
                .setFeaturesCol("x")
                .setLabelCol("y")
                .setWeightCol("weight")
                .setMaxIter(1)
                .fit(frame);
        List<Row> renamed =
                frame.selectExpr("x as features", "y as label", "weight").collectAsList();
        DerivativeSummary expected = expected(fitted.stored(), renamed, "weight", "wb", Curvature.HESSIAN, null);
        String saved = directory.resolve("regression").toString();
        fitted.save(saved);
        assertSums(
                expected,
                new CurvatureSummary()
                        .setModel(saved)
                        .setPartition("wb")
                        .transform(frame)
                        .head());
        assertSums(
                expected,
                new CurvatureSummary()
                        .setModel(fitted)
                        .setPartition("wb")
                        .transform(frame)
                        .head());
        String run = directory.resolve("run").toString();
        ModelDirectory.write(run, fitted.stored());
        CurvatureSummary bare = new CurvatureSummary("b").setModel(run).setPartition("wb");
        assertSums(
                expected,
                bare.setFeaturesCol("x")
                        .setLabelCol("y")
                        .setWeightCol("weight")
                        .transform(frame)
                        .head());
    }

    @Test
    void modelsOfATablesColumns() throws IOException {
        Dataset<Row> table = frames.session()
                .range(400)
                .selectExpr(
                        "cast(id % 17 as double) as size",
                        "concat('town', id % 4) as town", "if(id % 17 > 8, 'big', 'small') as label");
        NeuralNetworkClassificationModel fitted = new NeuralNetworkClassifier()
                .setHiddenLayers(new int[] {6})
                .setMaxIter(1)
                .fit(table);
        String saved = directory.resolve("table").toString();
        fitted.save(saved);
        CurvatureSummary summary = new CurvatureSummary().setModel(saved).setGroupBy("town");
        List<Row> towns = summary.transform(table).collectAsList();
        assertEquals(
                List.of("town0", "town1", "town2", "town3"),
                towns.stream().map(row -> row.getString(0)).toList());
        Row whole = summary.setGroupBy().transform(table).head();
        assertEquals(400, whole.<Double>getAs("samples"));
        double[] sum = new double[numbers(whole, "H").length];
        towns.forEach(town -> {
            double[] own = numbers(town, "H");
            Arrays.setAll(sum, i -> sum[i] + own[i]);
        });
        assertClose(numbers(whole, "H"), sum, TOLERANCE, "H");
    }

    /** Batch norm takes its stored mean and variance, so that rows do not depend on each other; features are images. */
    @Test
    void batchNorm() throws IOException {
        NeuralNetworkClassificationModel fitted = new NeuralNetworkClassifier()
                .setModel("model = vgg, cfg = [4, M, 6, M], batch_norm = true, in_channels = 1, image_size = 8,"
                        + " classes = 10, activation = tanh")
                .setOptimizer("adam")
                .setLr(0.01)
                .setMaxIter(1)
                .fit(frames.digits(200));
        CurvatureSummary summary = new CurvatureSummary("b").setModel(fitted).setPartition("wb");
        Row whole = summary.transform(digits.limit(150)).head();
        List<Row> groups =
                summary.setGroupBy("part").transform(digits.limit(150)).collectAsList();
        for (String column : SUMS) {
            double[] sum = new double[numbers(whole, column).length];
            groups.forEach(group -> {
                double[] own = numbers(group, column);
                Arrays.setAll(sum, i -> sum[i] + own[i]);
            });
            assertClose(numbers(whole, column), sum, TOLERANCE, column);
        }
        StoredModel stored = fitted.stored();
        ModelDescription bare = new ModelDescription(stored.description()).withStatistics(List.of());
        String run = directory.resolve("bare").toString();
        ModelDirectory.write(
                run,
                new StoredModel(bare.json(), stored.layout(), stored.theta(), stored.mean(), stored.deviation(), 10));
        assertEquals(
                "b: parameter model: found a batch norm without stored mean and variance, expected a model in which rows do not"
                        + " depend on each other",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> summary.setModel(run).transform(digits))
                        .getMessage());
    }

    @Test
    void groupsWithoutWeightHaveNoEta() {
        Dataset<Row> weighted = digits.withColumn("w", functions.expr("if(part = 'low', 0, 1)"));
        List<Row> found = summary()
                .setWeightCol("w")
                .setGroupBy("part")
                .transform(weighted.where("part is not null"))
                .collectAsList();
        assertTrue(found.get(0).<Double>getAs("samples") > 0);
        assertEquals(0.0, found.get(1).<Double>getAs("samples"));
        assertArrayEquals(new double[4], numbers(found.get(1), "g"));
        assertNull(found.get(1).getAs("eta"));
    }

    @Test
    void theSchemaIsKnownWithoutRows() {
        CurvatureSummary summary = summary().setGroupBy("part");
        StructType schema = summary.transformSchema(digits.schema());
        assertEquals(
                "struct<part:string,samples:double,loss:double,subsets:array<string>,g:array<double>,"
                        + "H:array<array<double>>,order3:array<double>,eta:array<double>>",
                schema.catalogString());
        Dataset<Row> broken =
                digits.withColumn("label", functions.expr("raise_error('read')").cast("double"));
        Dataset<Row> lazy = summary.transform(broken);
        assertEquals(schema, lazy.schema());
        assertTrue(
                assertThrows(Exception.class, lazy::collectAsList).getMessage().contains("read"));
        Row row = summary.transform(digits).head();
        assertEquals(schema, row.schema());
        assertEquals(
                List.of("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"),
                row.getList(row.fieldIndex("subsets")));
        Row wb = summary().setPartition("wb").transform(digits).head();
        assertEquals(
                List.of("layers.0.weight,layers.1.weight", "layers.0.bias,layers.1.bias"),
                wb.getList(wb.fieldIndex("subsets")));
    }

    @Test
    void resultsAreComputedOnceAndStandInQueries() {
        CurvatureSummary summary = summary().setGroupBy("part");
        Dataset<Row> found = summary.transform(digits);
        summary.setGroupBy("label");
        assertEquals(3, found.count());
        assertEquals(found.collectAsList(), found.selectExpr("*").collectAsList());
        assertEquals(
                1,
                found.join(digits.where("part = 'low'").select("part").distinct(), "part")
                        .count());
    }

    @Test
    void savedAndFoundByNameAndInPipelines() throws IOException {
        CurvatureSummary summary = summary()
                .setGroupBy("part", "label")
                .setPartition("wb")
                .setCurvature("ggn")
                .setDampingInt(0.5)
                .setWeightCol("w");
        String saved = directory.resolve("summary").toString();
        summary.save(saved);
        CurvatureSummary read = CurvatureSummary.load(saved);
        assertEquals("s", read.uid());
        assertEquals(path, read.getModel());
        assertArrayEquals(new String[] {"part", "label"}, read.getGroupBy());
        assertEquals(0.5, read.getDampingInt());
        assertEquals(
                summary.transform(digits).collectAsList(),
                read.transform(digits).collectAsList());
        String pipeline = directory.resolve("pipeline").toString();
        new Pipeline().setStages(new PipelineStage[] {summary}).fit(digits).save(pipeline);
        assertEquals("w", ((CurvatureSummary) PipelineModel.load(pipeline).stages()[0]).getWeightCol());
        assertTrue(ServiceLoader.load(Transformer.class).stream()
                .anyMatch(provider -> CurvatureSummary.class.isAssignableFrom(provider.type())));
        assertFalse(summary.explainParams().isEmpty());
    }
}

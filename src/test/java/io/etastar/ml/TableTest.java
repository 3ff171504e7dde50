package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators and models on columns of a table, as they are. */
class TableTest {
    private static final String[] ALL = {
        "id % 97 + 20 as age",
        "cast(case id % 3 when 0 then 'clerk' when 1 then 'nurse' else 'smith' end as string) as job",
        "cast(concat('town', id * 7 % 30) as string) as city",
        "id % 2 = 0 as member",
        "date_add(date'2024-01-01', cast(id * 11 % 700 as int)) as since",
        "timestamp_micros(1700000000000000L + id * 3600000000L) as seen",
        "if(id % 10 = 3, null, cast(id * 13 % 50 as double)) as score",
        "array(cast(id % 5 as double), cast(id % 7 as double)) as pair",
        "named_struct('depth', cast(id * 17 % 11 as decimal(5, 1))) as inner"
    };

    private static SparkSession session;
    private static Dataset<Row> table;
    private static NeuralNetworkClassificationModel model;

    @TempDir
    Path directory;

    @BeforeAll
    static void train() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
        Dataset<Row> raw = session.range(0, 900, 1, 3).selectExpr(ALL);
        // A town decides, and whether the job is that of a nurse.
        table = raw.withColumn(
                "label",
                org.apache.spark.sql.functions.expr(
                        "cast((cast(substring(city, 5) as int) % 2 + if(job = 'nurse', 1, 0)) % 2 as int)"));
        model = new NeuralNetworkClassifier().setMaxIter(12).fit(table);
    }

    @AfterAll
    static void close() {
        session.stop();
    }

    private static double accuracy(Dataset<Row> predicted) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
    }

    private static List<Row> probabilities(NeuralNetworkClassificationModel by, Dataset<Row> frame) {
        return by.transform(frame).select("probability").collectAsList();
    }

    @Test
    @Tag("rough")
    void allColumnsButTheLabelAreFeatures() {
        List<String> names = model.stored().table().names();
        assertEquals(List.of("age", "job", "city", "member", "since", "seen", "score", "pair"), names);
        assertEquals(1, model.stored().table().embedded().size());
        assertEquals(2, model.numClasses());
        assertTrue(accuracy(model.transform(table)) > 0.95, "accuracy " + accuracy(model.transform(table)));
    }

    @Test
    void theColumnThatDecidesIsTheMostImportantOne() {
        List<Row> rows = model.importance(table).collectAsList();
        assertEquals(8, rows.size());
        // A town tells the job here.
        assertEquals("city", rows.get(0).getString(0), rows.toString());
        assertTrue(rows.get(0).getDouble(2) > 0.3, rows.toString());
        assertTrue(Math.abs(rows.get(7).getDouble(2)) < 0.1, rows.toString());
    }

    @Test
    void columnsThatDecideTogetherInteract() {
        // Of rates that end before the loss vanishes, and its derivatives with it.
        NeuralNetworkClassificationModel learned = new NeuralNetworkClassifier()
                .setPreset("published")
                .setMaxIter(12)
                .fit(table);
        List<Row> rows = learned.interactions(table).collectAsList();
        assertEquals(28, rows.size());
        assertEquals(
                "job and city", rows.get(0).getString(0) + " and " + rows.get(0).getString(1), rows.toString());
        // An exclusive or: either is of use only with the other.
        assertTrue(rows.get(0).getDouble(2) < 0, rows.toString());
    }

    @Test
    void columnsAreFoundByName() {
        Dataset<Row> other = table.select("pair", "score", "seen", "label", "since", "member", "city", "job", "age");
        assertEquals(probabilities(model, table), probabilities(model, other));
        IllegalArgumentException missing =
                assertThrows(IllegalArgumentException.class, () -> model.transform(table.drop("city")));
        assertTrue(missing.getMessage().startsWith("column 'city': found none of that name, expected one of 'age', "));
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class,
                () -> model.transform(table.drop("age").withColumnRenamed("job", "age")));
        assertEquals(
                "column 'age': found string, expected numbers or booleans, as in the training rows",
                wrong.getMessage());
    }

    @Test
    void whatIsUnknownOrMissingHasAPlace() {
        Dataset<Row> odd = table.limit(5)
                .selectExpr(
                        "cast(null as int) as age",
                        "'pilot' as job",
                        "'nowhere' as city",
                        "member",
                        "since",
                        "cast(null as timestamp) as seen",
                        "cast(null as double) as score",
                        "pair");
        assertEquals(
                5, model.transform(odd).select("prediction").collectAsList().size());
        NeuralNetworkClassifier strict =
                new NeuralNetworkClassifier().setMaxIter(1).setHandleInvalid("error");
        IllegalArgumentException gaps = assertThrows(IllegalArgumentException.class, () -> strict.fit(table));
        assertEquals(
                "column 'score': found no value in 90 of 900 rows, expected one in every row, or handleInvalid = keep or skip",
                gaps.getMessage());
        NeuralNetworkClassificationModel skipping = new NeuralNetworkClassifier()
                .setMaxIter(1)
                .setHandleInvalid("skip")
                .fit(table);
        assertEquals(810, skipping.transform(table).count());
        assertEquals(0, skipping.transform(odd).count());
    }

    @Test
    void aNestedFieldIsAColumnByItsPath() {
        NeuralNetworkClassificationModel nested = new NeuralNetworkClassifier()
                .setFeaturesCols(new String[] {"inner.depth", "a*", "city"})
                .setMaxIter(1)
                .fit(table);
        assertEquals(
                List.of("inner.depth", "age", "city"), nested.stored().table().names());
        assertEquals(
                900,
                nested.transform(table).select("prediction").collectAsList().size());
    }

    @Test
    void savedModelsTakeTheSameColumns() throws Exception {
        String path = directory.resolve("model").toString();
        model.save(path);
        NeuralNetworkClassificationModel read = NeuralNetworkClassificationModel.load(path);
        assertEquals(probabilities(model, table), probabilities(read, table));
    }

    @Test
    void anotherJvmPredictsTheSameFromOddColumns() throws Exception {
        String path = directory.resolve("elsewhere").toString();
        model.save(path);
        Dataset<Row> odd = table.limit(40)
                .selectExpr(
                        "pair",
                        "if(age % 3 = 0, null, score) as score",
                        "seen",
                        "since",
                        "member",
                        "if(age % 4 = 0, 'nowhere', city) as city",
                        "if(age % 5 = 0, null, job) as job",
                        "age")
                .coalesce(1);
        String rows = directory.resolve("rows.parquet").toString();
        odd.write().parquet(rows);
        Path out = directory.resolve("probabilities");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of(
                "-Xmx1g",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TableMain.class.getName(),
                path,
                rows,
                out.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, process.waitFor());
        assertEquals(TableMain.probabilities(model, session.read().parquet(rows)), Files.readString(out));
    }

    @Test
    void chosenNumbersAreCategories() {
        NeuralNetworkClassificationModel chosen = new NeuralNetworkClassifier()
                .setFeaturesCols(new String[] {"age", "city"})
                .setCategoricalCols(new String[] {"age"})
                .setMaxIter(1)
                .fit(table);
        assertEquals(
                List.of("age", "city"),
                List.copyOf(chosen.stored().table().embedded().stream()
                        .map(column -> column.name())
                        .toList()));
        NeuralNetworkClassificationModel hashed = new NeuralNetworkClassifier()
                .setFeaturesCols(new String[] {"city"})
                .setMaxCategories(10)
                .setMaxIter(1)
                .fit(table);
        assertEquals(10, hashed.stored().table().columns().get(0).buckets());
        assertEquals(
                900,
                hashed.transform(table).select("prediction").collectAsList().size());
    }

    @Test
    void numbersAreScaledAsAsked() {
        for (String scaling : List.of("standard", "robust", "quantile", "none")) {
            NeuralNetworkClassificationModel scaled = new NeuralNetworkClassifier()
                    .setFeaturesCols(new String[] {"age", "score"})
                    .setScaling(scaling)
                    .setMaxIter(1)
                    .fit(table);
            double unit =
                    scaled.stored().table().columns().get(0).scales().get(0).unit();
            assertEquals(scaling.equals("none") || scaling.equals("quantile"), unit == 1, scaling + " " + unit);
            assertEquals(
                    scaled.transform(table).select("prediction").first().getDouble(0),
                    scaled.predict(Vectors.dense(20, 0)));
        }
    }

    @Test
    void regressorsTakeColumnsToo() {
        NeuralNetworkRegressionModel fitted = new NeuralNetworkRegressor()
                .setLabelCol("score")
                .setFeaturesCols(new String[] {"age", "since", "pair"})
                .setMaxIter(3)
                .fit(table.na().drop());
        double error = new RegressionEvaluator()
                .setLabelCol("score")
                .setMetricName("rmse")
                .evaluate(fitted.transform(table.na().drop()));
        assertTrue(error < 40, "rmse " + error);
        assertArrayEquals(
                new String[] {"age", "since", "pair"},
                fitted.stored().table().names().toArray(String[]::new));
    }
}

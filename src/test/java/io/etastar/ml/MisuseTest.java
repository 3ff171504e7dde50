package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What users do wrong, and the one line that they read. */
class MisuseTest {
    private static final Vector GOOD = Vectors.dense(1, 2, 3, 4);

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;

    @BeforeAll
    static void open() {
        frames = new Frames();
        model = classifier().fit(rows(GOOD, 0.0, Vectors.dense(4, 3, 2, 1), 1.0));
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setLayers(new int[] {4, 2})
                .setBatchSize(0)
                .setMaxIter(1);
    }

    /** Vectors and labels by turns. */
    private static Dataset<Row> rows(Object... values) {
        Row[] rows = new Row[values.length / 2];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = RowFactory.create(values[2 * i], values[2 * i + 1]);
        }
        return frames.of(Frames.SCHEMA, rows);
    }

    private static String refused(NeuralNetworkClassifier classifier, Dataset<Row> frame) {
        return assertThrows(IllegalArgumentException.class, () -> classifier.fit(frame))
                .getMessage();
    }

    @Test
    void columnsThatAreNotThere() {
        Dataset<Row> good = rows(GOOD, 0.0);
        assertEquals(
                "column 'pixels': found none of that name, expected one of 'features', 'label'",
                refused(classifier().setFeaturesCol("pixels"), good));
        assertEquals(
                "column 'class': found none of that name, expected one of 'features', 'label'",
                refused(classifier().setLabelCol("class"), good));
        assertEquals(
                "column 'w': found none of that name, expected one of 'features', 'label'",
                refused(classifier().setWeightCol("w"), good));
        assertEquals(
                "column 'held': found none of that name, expected one of 'features', 'label'",
                refused(classifier().setValidationIndicatorCol("held"), good));
        assertEquals(
                "column 'label': found double, expected boolean",
                refused(classifier().setValidationIndicatorCol("label"), good));
        assertEquals(
                "column 'prediction': found one of that name, expected a new name for what is appended",
                refused(
                        classifier(),
                        good.withColumnRenamed("label", "prediction")
                                .withColumn("label", org.apache.spark.sql.functions.lit(0.0))));
    }

    @Test
    void columnsOfOtherTypes() {
        StructType text =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DateType);
        assertEquals(
                "column 'label': found date, expected texts, booleans or numbers",
                refused(classifier(), frames.of(text, RowFactory.create(GOOD, java.sql.Date.valueOf("2026-01-02")))));
        assertEquals(
                "featuresCols: found 'label', expected columns beside label, weight and indicators",
                refused(classifier().setFeaturesCol("label"), rows(GOOD, 0.0)));
    }

    @Test
    void labelsThatAreNoClasses() {
        assertTrue(refused(classifier(), rows(GOOD, 0.0, GOOD, 1.0, GOOD, 2.0))
                .startsWith("column 'label': found 3 values: '0', '1', '2', expected 2"));
        assertTrue(refused(classifier(), rows(GOOD, 0.5)).startsWith("column 'label': found 1 value: '0.5'"));
        assertTrue(refused(classifier(), rows(GOOD, null)).startsWith("column 'label': found null"));
        assertTrue(refused(classifier(), rows(GOOD, Double.NaN)).startsWith("column 'label': found NaN"));
        StructType held = Frames.SCHEMA.add("held", DataTypes.BooleanType);
        Dataset<Row> unseen = frames.of(held, RowFactory.create(GOOD, 0.0, false), RowFactory.create(GOOD, 7.0, true));
        String message = refused(classifier().setValidationIndicatorCol("held"), unseen);
        assertTrue(message.startsWith("column 'label': found 7"), message);
        assertTrue(refused(classifier().setValidationIndicatorCol("held"), unseen.filter("not held"))
                .startsWith("validation rows: found no rows"));
    }

    @Test
    void featuresThatDoNotFit() {
        String length = refused(classifier(), rows(Vectors.dense(1, 2), 0.0));
        assertEquals("column 'features': found rows of 2 elements, expected 4, those of shape [4]", length);
        assertTrue(refused(classifier(), rows(null, 0.0)).startsWith("column 'features': found null"));
        assertTrue(refused(classifier(), rows(Vectors.dense(1, 2, Double.NaN, 4), 0.0))
                .startsWith("column 'features': found NaN"));
        assertTrue(refused(classifier(), rows(GOOD, 0.0).limit(0)).startsWith("training rows: found no rows"));
    }

    @Test
    void paramsAtOddsWithTheRows() {
        assertEquals(
                "c: parameter batchSize: found 100, expected at most 1, the rows of training rows",
                refused(classifier().setBatchSize(100), rows(GOOD, 0.0)));
        assertEquals(
                "c: parameter classWeights: found [1.0,2.0,3.0], expected 2 numbers, one for each class",
                refused(classifier().setClassWeights(new double[] {1, 2, 3}), rows(GOOD, 0.0)));
        assertEquals(
                "c: parameter patience: found 2 without validationIndicatorCol, expected both or 0",
                refused(classifier().setPatience(2), rows(GOOD, 0.0)));
        String partition = refused(classifier().setPartition("rows"), rows(GOOD, 0.0));
        assertTrue(partition.startsWith("partition: found"), partition);
        assertEquals(
                "c: parameter model: found a model whose targets are numbers, expected one of classes",
                refused(classifier().setModel("loss = mse"), rows(GOOD, 0.0)));
    }

    @Test
    void predictionsOfWrongRows() {
        assertEquals(
                "column 'features': found 2 elements, expected 4, the model's input",
                cause(rows(Vectors.dense(1, 2), 0.0)));
        assertEquals("column 'features': found null, expected 4 numbers", cause(rows(null, 0.0)));
        assertEquals(
                "column 'features': found NaN, expected finite numbers",
                cause(rows(Vectors.dense(1, 2, 3, Double.NaN), 0.0)));
        assertEquals(
                "features: found a vector of 2 elements, expected 4",
                assertThrows(IllegalArgumentException.class, () -> model.predict(Vectors.dense(1, 2)))
                        .getMessage());
        assertEquals(
                "column 'x': found none of that name, expected one of 'features', 'label'",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> model.copy(org.apache.spark.ml.param.ParamMap.empty())
                                        .setFeaturesCol("x")
                                        .transform(rows(GOOD, 0.0)))
                        .getMessage());
    }

    /** What Spark's exception was caused by, first line. */
    private static String cause(Dataset<Row> frame) {
        Exception thrown =
                assertThrows(Exception.class, () -> model.transform(frame).collectAsList());
        assertTrue(thrown instanceof SparkException || thrown instanceof IllegalArgumentException, thrown.toString());
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return List.of(cause.getMessage().split("\n")).get(0);
    }
}

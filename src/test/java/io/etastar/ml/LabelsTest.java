package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.table.ClassValues;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that are texts, booleans or any numbers. */
class LabelsTest {
    private static Frames frames;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    /** Rows of three kinds, with a label made of id % 3. */
    private static Dataset<Row> labelled(String label) {
        return frames.session()
                .range(0, 90, 1, 2)
                .selectExpr("id", "array(float(id % 3), float((id + 1) % 3)) as features", label + " as label");
    }

    private static NeuralNetworkClassifier classifier(int... layers) {
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setBatchSize(30).setMaxIter(4);
        return layers.length == 0 ? classifier : classifier.setLayers(layers);
    }

    private static String refused(NeuralNetworkClassifier classifier, Dataset<Row> rows) {
        return assertThrows(IllegalArgumentException.class, () -> classifier.fit(rows))
                .getMessage();
    }

    private static ClassValues classes(NeuralNetworkClassificationModel model) {
        return model.stored().classValues();
    }

    @Test
    @Tag("rough")
    void labelsOfTypeBoolean() {
        Dataset<Row> rows = labelled("id % 3 = 1");
        NeuralNetworkClassificationModel model = classifier(2, 4, 2).fit(rows);
        assertEquals(ClassValues.BOOLEANS, classes(model));
        float[] numbers = classifier(2, 4, 2)
                .fit(labelled("int(id % 3 = 1)"))
                .stored()
                .theta()
                .floats();
        assertArrayEquals(numbers, model.stored().theta().floats());
        assertEquals(
                "column 'label': found 2 values: 'false', 'true', expected 3, one for each class",
                refused(classifier(2, 4, 3), rows));
    }

    @Test
    @Tag("rough")
    void classWeightsWithANanLabel() {
        Dataset<Row> rows = labelled("if(id = 70, double('NaN'), double(id % 3))");
        assertEquals(
                "column 'label': found NaN, expected finite numbers",
                refused(classifier(2, 4, 3).setClassWeights(new double[] {1, 2, 3}), rows));
    }

    @Test
    void textsAndOtherNumbersTrainAsTheirIndices() {
        float[] indices =
                classifier(2, 4, 3).fit(labelled("id % 3")).stored().theta().floats();
        String[][] kinds = {
            {"array('ant', 'cow', 'dog')[int(id % 3)]", "ant, cow, dog"},
            {"id % 3 * 5 - 5", "-5, 0, 5"},
            {"id % 3 + 1", "1, 2, 3"},
            {"id % 3 / 2D", "0, 0.5, 1"},
            {"cast(id % 3 * 0.25 as decimal(5, 2)) - 1", "-1, -0.75, -0.5"}
        };
        for (String[] kind : kinds) {
            for (boolean open : new boolean[] {false, true}) {
                NeuralNetworkClassificationModel model = (open
                                ? classifier().setHiddenLayers(new int[] {4})
                                : classifier(2, 4, 3))
                        .fit(labelled(kind[0]));
                assertEquals(kind[1], String.join(", ", classes(model).names()));
                if (!open) {
                    assertArrayEquals(indices, model.stored().theta().floats(), kind[0]);
                }
            }
        }
    }

    @Test
    void indicesAreNoNames() {
        assertTrue(classes(classifier(2, 4, 3).fit(labelled("id % 3"))).areIndices());
        assertTrue(classes(classifier(2, 4, 4).fit(labelled("id % 3 + 1"))).areIndices(), "as many as the model has");
        assertTrue(classes(classifier().setHiddenLayers(new int[] {4}).fit(labelled("id % 3")))
                .areIndices());
        assertEquals(
                List.of("0", "2", "4"),
                classes(classifier().setHiddenLayers(new int[] {4}).fit(labelled("id % 3 * 2")))
                        .names());
    }

    @Test
    void weightsOfClassesAreInTheOrderOfTheClasses() {
        double[] weights = {1, 2, 4};
        NeuralNetworkClassifier weighted = classifier(2, 4, 3).setClassWeights(weights);
        float[] indices = weighted.fit(labelled("id % 3")).stored().theta().floats();
        float[] texts = weighted.fit(labelled("array('a', 'b', 'c')[int(id % 3)]"))
                .stored()
                .theta()
                .floats();
        assertArrayEquals(indices, texts);
        assertEquals(
                "column 'label': found 3 values: 'a', 'b', 'c', expected 2, one for each class",
                refused(
                        classifier().setHiddenLayers(new int[] {4}).setClassWeights(new double[] {1, 2}),
                        labelled("array('a', 'b', 'c')[int(id % 3)]")));
    }

    @Test
    void mistakesAreOneLine() {
        NeuralNetworkClassifier three = classifier(2, 4, 3);
        assertEquals(
                "column 'label': found 2 values: 'no', 'yes', expected 3, one for each class",
                refused(three, labelled("if(id % 3 = 1, 'yes', 'no')")));
        assertEquals(
                "column 'label': found null, expected a value in every row (na.drop() leaves such rows out)",
                refused(three, labelled("if(id = 50, null, array('a', 'b', 'c')[int(id % 3)])")));
        NeuralNetworkClassifier open = classifier().setHiddenLayers(new int[] {4});
        assertEquals(
                "column 'label': found more than 1000 values: 'x0', 'x1', 'x10', 'x100', 'x1000', 'x1001', 'x1002', 'x1003',"
                        + " 'x1004', 'x1005', ..., expected classes, at most 1000",
                refused(
                        open,
                        frames.session()
                                .range(0, 1500, 1, 2)
                                .selectExpr("array(id) as features", "'x' || id as label")));
        String prices = refused(
                open, frames.session().range(0, 300, 1, 2).selectExpr("array(id) as features", "id / 7D as label"));
        assertTrue(prices.startsWith("column 'label': found more than 100 values: '0', '0.14285"), prices);
        assertTrue(
                prices.endsWith(", expected classes, at most 100; numbers as targets are for NeuralNetworkRegressor, or"
                        + " model.loss = mse"),
                prices);
        Dataset<Row> validated = labelled("array('a', 'b', 'c')[int(id % 3)]")
                .selectExpr("features", "if(id = 80, 'd', label) as label", "id >= 75 as late");
        assertEquals(
                "column 'label': found 'd', expected one of 'a', 'b', 'c', the classes of the training rows",
                refused(classifier(2, 4, 3).setValidationIndicatorCol("late"), validated));
    }

    @Test
    void classesAreWrittenWithTheModel() throws Exception {
        String path = directory.resolve("model").toString();
        NeuralNetworkClassificationModel model = classifier(2, 4, 3).fit(labelled("id % 3 * 5 - 5"));
        model.save(path);
        assertEquals(classes(model), classes(NeuralNetworkClassificationModel.load(path)));
    }

    @Test
    void predictionsHaveTheLabelsOfTheTrainingRows() throws Exception {
        for (String label : List.of(
                "array('cow', 'ant', 'dog')[int(id % 3)]", "id % 3 = 1", "double(id % 3 * 5 - 5)", "double(id % 3)")) {
            Dataset<Row> rows = labelled(label);
            NeuralNetworkClassifier classifier =
                    classifier().setHiddenLayers(new int[] {8}).setMaxIter(40).setPredictedLabelCol("said");
            String path = directory.resolve("model" + label.length()).toString();
            new Pipeline().setStages(new PipelineStage[] {classifier}).fit(rows).save(path);
            Dataset<Row> said = PipelineModel.load(path).transform(rows);
            assertEquals(
                    rows.schema().apply("label").dataType(),
                    said.schema().apply("said").dataType());
            assertEquals(0, said.where("said <> label or said is null").count(), label);
            assertEquals(
                    classifier.transformSchema(rows.schema()).apply("said"),
                    said.schema().apply("said"));
        }
    }

    @Test
    void indexToStringDecodesPredictions() {
        Dataset<Row> rows = labelled("array('cow', 'ant', 'dog')[int(id % 3)]");
        NeuralNetworkClassificationModel model =
                classifier().setHiddenLayers(new int[] {8}).setMaxIter(40).fit(rows);
        assertArrayEquals(new String[] {"ant", "cow", "dog"}, model.classNames());
        Dataset<Row> text = new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("text")
                .transform(model.transform(rows));
        assertEquals(0, text.where("text <> label").count());
        assertEquals(0, classifier(2, 4, 3).fit(labelled("id % 3")).classNames().length);
    }
}

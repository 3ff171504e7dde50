package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of a frame that serve summaries alone. */
class SummaryIndicatorTest {
    private static Frames frames;
    private static Dataset<Row> digits;

    @BeforeAll
    static void open() {
        frames = new Frames();
        digits = frames.digits(400);
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static NeuralNetworkClassifier classifier() {
        return Frames.classifier().setSummaryBatchSize(100).setMaxIter(1);
    }

    private static double[] trained(NeuralNetworkClassifier classifier, Dataset<Row> frame) {
        return classifier.fit(frame).stored().theta().toDoubles();
    }

    private static Dataset<Row> marked(Dataset<Row> training, Dataset<Row> summaries) {
        return training.withColumn("own", functions.lit(false))
                .unionAll(summaries.withColumn("own", functions.lit(true)));
    }

    @Test
    void theTrainingRowsAgainGiveWhatSummariesOfTrainingRowsGive() {
        double[] expected = trained(classifier().setSummaryRows("drawn"), digits);
        double[] found = trained(classifier().setSummaryIndicatorCol("own"), marked(digits, digits));
        assertArrayEquals(expected, found);
    }

    @Test
    void otherRowsGiveOtherRates() {
        double[] drawn = trained(classifier().setSummaryRows("drawn"), digits);
        double[] own = trained(classifier().setSummaryIndicatorCol("own"), marked(digits, frames.testDigits()));
        assertFalse(Arrays.equals(drawn, own));
    }

    @Test
    void theColumnIsNoFeatureOfATable() {
        Dataset<Row> table = digits.selectExpr(
                "label", "label * 2 as twice", "label - 3 as less", "monotonically_increasing_id() % 3 = 0 as own");
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setMaxIter(1)
                .setSummaryIndicatorCol("own")
                .fit(table);
        assertEquals(List.of("twice", "less"), model.stored().table().names());
    }

    @Test
    void validationRowsAreNotDrawn() {
        Dataset<Row> marked = marked(digits, frames.testDigits()).withColumn("validation", functions.lit(false));
        Dataset<Row> more = frames.testDigits()
                .withColumn("own", functions.lit(true))
                .withColumn("validation", functions.lit(true));
        double[] expected = trained(classifier().setSummaryIndicatorCol("own"), marked);
        NeuralNetworkClassifier validated =
                classifier().setSummaryIndicatorCol("own").setValidationIndicatorCol("validation");
        assertArrayEquals(expected, trained(validated, marked.unionAll(more)));
    }

    @Test
    void mistakesNameTheColumnOrTheParam() {
        assertRefused(
                "column 'own': found string, expected boolean",
                classifier(),
                digits.withColumn("own", functions.lit("a")));
        assertRefused(
                "column 'own': found null, expected true or false in every row",
                classifier(),
                digits.withColumn("own", functions.expr("if(label = 3, null, label = 4)")));
        assertRefused(
                "c: parameter summaryRows: found apart, expected drawn: summaryIndicatorCol names the rows of summaries",
                classifier().setSummaryRows("apart"),
                marked(digits, digits));
        assertRefused(
                "c: parameter summaryIndicatorCol: found 'own', expected none: optimizer adam makes no summaries",
                classifier().setOptimizer("adam").setLr(0.01),
                marked(digits, digits));
        assertRefused(
                "c: parameter summaryBatchSize: found 100, expected at most 50, the rows of summary rows",
                classifier(),
                marked(digits, frames.digits(50)));
    }

    private static void assertRefused(String message, NeuralNetworkClassifier classifier, Dataset<Row> frame) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> classifier.setSummaryIndicatorCol("own").fit(frame));
        String uid = classifier.uid();
        assertEquals(message.replaceFirst("^c:", uid + ":"), refused.getMessage());
    }
}

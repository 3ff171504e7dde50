package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

class PipelineTest {
    private static Frames frames;
    private static Dataset<Row> digits;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        digits = frames.digits(600).cache();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static NeuralNetworkClassifier classifier() {
        return Frames.classifier()
                .setFeaturesCol("scaled")
                .setStandardise(false)
                .setBatchSize(50)
                .setSummaryBatchSize(100)
                .setMaxIter(2);
    }

    private static Pipeline pipeline(NeuralNetworkClassifier classifier) {
        StandardScaler scaler = new StandardScaler()
                .setInputCol("features")
                .setOutputCol("scaled")
                .setWithMean(true);
        return new Pipeline().setStages(new PipelineStage[] {scaler, classifier});
    }

    private static MulticlassClassificationEvaluator evaluator() {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy");
    }

    @Test
    void aPipelineIsSavedAndReadWhole() throws IOException {
        PipelineModel model = pipeline(classifier()).fit(digits);
        String path = directory.resolve("pipeline").toString();
        model.save(path);
        PipelineModel read = PipelineModel.load(path);
        assertEquals(
                model.transform(frames.testDigits()).collectAsList(),
                read.transform(frames.testDigits()).collectAsList());
        assertTrue(evaluator().evaluate(read.transform(frames.testDigits())) > 0.8);
        String stages = directory.resolve("stages").toString();
        pipeline(classifier().setDamping(0.3)).save(stages);
        NeuralNetworkClassifier stage =
                (NeuralNetworkClassifier) Pipeline.load(stages).getStages()[1];
        assertEquals(0.3, stage.getDamping());
        assertArrayEquals(new int[] {64, 24, 10}, stage.getLayers());
    }

    @Test
    void anotherJvmPredictsTheSame() throws IOException, InterruptedException {
        PipelineModel model = pipeline(classifier().setMaxIter(1)).fit(digits);
        String path = directory.resolve("elsewhere").toString();
        model.save(path);
        Path out = directory.resolve("predictions");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of(
                "-Xmx1g",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PredictMain.class.getName(),
                path,
                out.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, process.waitFor());
        assertEquals(PredictMain.predictions(model, frames), Files.readString(out));
    }

    @Test
    void crossValidationPicksTheBetterParams() throws IOException {
        NeuralNetworkClassifier classifier = classifier();
        CrossValidator validator = new CrossValidator()
                .setEstimator(pipeline(classifier))
                .setEvaluator(evaluator())
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(classifier.damping(), new double[] {1e-6, 0.5})
                        .build())
                .setNumFolds(2)
                .setParallelism(2)
                .setSeed(1);
        CrossValidatorModel model = validator.fit(digits);
        double[] accuracies = model.avgMetrics();
        assertTrue(accuracies[1] > accuracies[0] + 0.2, accuracies[0] + " " + accuracies[1]);
        PipelineModel best = (PipelineModel) model.bestModel();
        assertEquals(0.5, ((NeuralNetworkClassificationModel) best.stages()[1]).getDamping());
        String path = directory.resolve("validator").toString();
        model.save(path);
        assertEquals(
                model.transform(frames.testDigits()).select("prediction").collectAsList(),
                CrossValidatorModel.load(path)
                        .transform(frames.testDigits())
                        .select("prediction")
                        .collectAsList());
    }

    @Test
    void trainValidationSplitWorks() {
        NeuralNetworkClassifier classifier = classifier();
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(classifier.optimizer(), CollectionConverters.asScala(List.of("newton-summary", "sgd")))
                .baseOn(classifier.lr().w(1e-6))
                .build();
        TrainValidationSplitModel model = new TrainValidationSplit()
                .setEstimator(pipeline(classifier))
                .setEvaluator(evaluator())
                .setEstimatorParamMaps(grid)
                .setTrainRatio(0.7)
                .setSeed(1)
                .fit(digits);
        assertTrue(model.validationMetrics()[0] > model.validationMetrics()[1]);
    }
}

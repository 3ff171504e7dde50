package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.interchange.OnnxFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistenceTest {
    private static final String PYTHON = "etastar.ml.classification.NeuralNetwork";

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;

    @TempDir
    Path directory;

    @BeforeAll
    static void train() {
        frames = new Frames();
        model = Frames.classifier().setMaxIter(1).fit(frames.digits(500));
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    @Test
    void estimatorsComeBackWithAllParams() throws IOException {
        NeuralNetworkClassifier classifier = Frames.classifier()
                .setClassWeights(new double[] {1, 2.5})
                .setThresholds(new double[] {0.5, 0.5})
                .setSeed(77)
                .setStandardise(false)
                .setDamping(0.125)
                .setModel("model = perceptron");
        String path = directory.resolve("classifier").toString();
        classifier.save(path);
        NeuralNetworkClassifier read = NeuralNetworkClassifier.load(path);
        assertEquals(classifier.uid(), read.uid());
        assertEquals(
                classifier.explainParams().replaceAll("\\[[DI]@\\w+", ""),
                read.explainParams().replaceAll("\\[[DI]@\\w+", ""));
        assertArrayEquals(classifier.getLayers(), read.getLayers());
        assertArrayEquals(classifier.getClassWeights(), read.getClassWeights());
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor().setLayers(new int[] {3, 1});
        regressor.write().overwrite().save(path);
        assertArrayEquals(new int[] {3, 1}, NeuralNetworkRegressor.load(path).getLayers());
    }

    @Test
    void modelsComeBackByteForByte() throws IOException {
        String path = directory.resolve("model").toString();
        model.setProbabilityCol("p").save(path);
        NeuralNetworkClassificationModel read = NeuralNetworkClassificationModel.load(path);
        assertEquals(model.uid(), read.uid());
        assertEquals("p", read.getProbabilityCol());
        assertEquals(5, read.getPeriod());
        assertFalse(read.hasSummary());
        assertThrows(IllegalStateException.class, read::summary);
        assertArrayEquals(model.stored().theta().floats(), read.stored().theta().floats());
        assertEquals(
                model.transform(frames.testDigits()).collectAsList(),
                read.transform(frames.testDigits()).collectAsList());
        assertThrows(IOException.class, () -> model.save(path));
        model.write().overwrite().save(path);
    }

    @Test
    void whatIsWrittenIsJsonAndRawArraysAlone() throws IOException {
        Path path = directory.resolve("plain");
        model.save(path.toString());
        try (Stream<Path> files = Files.walk(path)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString())
                    .filter(name -> !name.endsWith(".crc") && !name.endsWith("_SUCCESS"))
                    .map(name -> name.replaceFirst("part-.*", "part"))
                    .sorted()
                    .toList();
            assertEquals(
                    List.of("metadata/part", "model/model.json", "model/parameters.bin", "optimizer/state.ckpt"),
                    names);
        }
        assertEquals(4L * model.stored().theta().length(), Files.size(path.resolve("model/parameters.bin")));
    }

    @Test
    void theGraphIsWrittenForOnnxIfAsked() throws IOException {
        Path path = directory.resolve("with");
        model.write().option("onnx", "true").save(path.toString());
        Path alone = directory.resolve("alone.onnx");
        OnnxFile.write(alone.toString(), model.stored(), true);
        assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(path.resolve("model.onnx")));
        assertEquals(
                model.uid(),
                NeuralNetworkClassificationModel.load(path.toString()).uid());
        Path plain = directory.resolve("without");
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> model.write().option("onnx", "maybe").save(plain.toString()));
        assertTrue(error.getMessage().endsWith("option onnx: found 'maybe', expected true or false"), error::toString);
        assertFalse(Files.exists(plain));
        model.write().option("onnx", "false").save(plain.toString());
        assertFalse(Files.exists(plain.resolve("model.onnx")));
    }

    /** The fixture was written by version 1 of the format: every later version must read it. */
    @Test
    void filesOfVersionOneAreRead() throws URISyntaxException {
        String root = Path.of(getClass().getResource("version-1").toURI()).toString();
        NeuralNetworkClassificationModel read = NeuralNetworkClassificationModel.load(root + "/classifier");
        assertEquals("fixture_classifier", read.uid());
        assertEquals(3, read.numClasses());
        assertEquals(2, read.numFeatures());
        assertEquals(0.25, read.getDamping());
        assertEquals("score", read.getRawPredictionCol());
        // logits = x W + b with W = [[1, 0, -1], [0, 2, 0.5]], b = [0.5, 0, -0.5], x standardised by mean 1, deviation
        // 2.
        assertArrayEquals(
                new double[] {1.5, 2, -1}, read.predictRaw(Vectors.dense(3, 3)).toArray(), 1e-6);
        NeuralNetworkRegressionModel numbers = NeuralNetworkRegressionModel.load(root + "/regressor");
        assertEquals(1 * 3 + 2 * 0.5 + 0.25, numbers.predict(Vectors.dense(1, 2)), 1e-6);
    }

    /** Pipelines name the class of each stage: those of earlier versions are still found. */
    @ParameterizedTest
    @ValueSource(strings = {"io.etastar.ml.NewtonSummary", "io.etastar.ml.NeuralNetwork"})
    void pipelinesOfFormerClassNamesAreRead(String former) throws IOException {
        String pipeline = directory.resolve("pipeline").toString();
        new Pipeline().setStages(new PipelineStage[] {Frames.classifier()}).save(pipeline);
        rename(Path.of(pipeline), PYTHON, former);
        PipelineStage estimator = Pipeline.load(pipeline).getStages()[0];
        assertEquals(500, ((NeuralNetworkClassifier) estimator).getSummaryBatchSize());
        String fitted = directory.resolve("fitted").toString();
        new Pipeline()
                .setStages(new PipelineStage[] {model})
                .fit(frames.digits(1))
                .save(fitted);
        rename(Path.of(fitted), PYTHON, former);
        assertEquals(
                model.uid(),
                ((NeuralNetworkClassificationModel) PipelineModel.load(fitted).stages()[0]).uid());
        IllegalArgumentException other = assertThrows(
                IllegalArgumentException.class,
                () -> NeuralNetworkRegressor.load(pipeline + "/stages/" + stage(pipeline)));
        assertTrue(other.getMessage().contains(former + "Classifier"), other.getMessage());
    }

    private static String stage(String pipeline) {
        return Path.of(pipeline, "stages").toFile().list()[0];
    }

    private static void rename(Path root, String from, String to) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(root.resolve("stages"))) {
            all = files.filter(file -> file.getParent().getFileName().toString().equals("metadata"))
                    .toList();
        }
        for (Path file : all) {
            if (file.getFileName().toString().startsWith("part")) {
                String text = Files.readString(file);
                assertTrue(text.contains(from), text);
                Files.writeString(file, text.replace(from, to));
            } else {
                Files.delete(file);
            }
        }
    }

    @Test
    void newerVersionsAndDamagedFilesAreRefused() throws IOException {
        Path path = directory.resolve("refused");
        model.save(path.toString());
        Path metadata;
        try (Stream<Path> parts = Files.list(path.resolve("metadata"))) {
            metadata = parts.filter(part -> part.getFileName().toString().startsWith("part"))
                    .findFirst()
                    .orElseThrow();
        }
        String text = Files.readString(metadata);
        Files.deleteIfExists(metadata.resolveSibling("." + metadata.getFileName() + ".crc"));
        Files.writeString(metadata, text.replace("\"etastarFormat\":1", "\"etastarFormat\":2"));
        assertEquals(
                path + "/metadata: etastarFormat: found 2, expected 1 to 1: written by a newer version", refused(path));
        Files.writeString(metadata, text);
        Path parameters = path.resolve("model/parameters.bin");
        byte[] bytes = Files.readAllBytes(parameters);
        bytes[5] ^= 1;
        Files.write(parameters, bytes);
        assertEquals(parameters + ": SHA-256 differs from the one in model.json", refused(path));
    }

    private static String refused(Path path) {
        return assertThrows(
                        IllegalArgumentException.class, () -> NeuralNetworkClassificationModel.load(path.toString()))
                .getMessage();
    }

    @Test
    void sizesAreKnown() {
        assertTrue(model.estimatedSize() >= 4L * model.stored().theta().length());
        long estimated = Frames.classifier().estimateModelSize(frames.digits(1));
        assertTrue(estimated >= model.estimatedSize() && estimated < 2 * model.estimatedSize(), "" + estimated);
        NeuralNetworkClassifier bare = Frames.classifier().setMaxIter(1).setMaxStateInMb(0);
        assertEquals(bare.fit(frames.digits()).estimatedSize(), bare.estimateModelSize(frames.digits(1)));
    }
}

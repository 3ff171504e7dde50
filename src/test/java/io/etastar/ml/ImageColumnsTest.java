package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PNG files by Spark's sources binaryFile and image: trained on and predicted from alike. */
class ImageColumnsTest {
    @TempDir
    Path directory;

    private void write(int number, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, 4, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 4 * width; p++) {
            int bright = number % 2 == 0 ? 200 : 40;
            image.setRGB(p % width, p / width, bright + p << 16 | 2 * p + number << 8 | bright / 2);
        }
        ImageIO.write(
                image, "png", directory.resolve("image-" + number + ".png").toFile());
    }

    private Dataset<Row> read(Frames frames, String format, String features, String path) {
        return frames.session()
                .read()
                .format(format)
                .load(directory.toString())
                .selectExpr(
                        features + " as features",
                        "cast(regexp_extract(" + path + ", '([0-9]+).png', 1) as int) as number")
                .orderBy("number")
                .selectExpr("features", "number % 2 as label");
    }

    @Test
    void filesAndImagesAreTheSameFeatures() throws IOException {
        for (int i = 0; i < 12; i++) {
            write(i, 3);
        }
        try (Frames frames = new Frames()) {
            Dataset<Row> files = read(frames, "binaryFile", "content", "path");
            Dataset<Row> images = read(frames, "image", "image", "image.origin");
            NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                    .setModel("model = perceptron, layers = [36, 2]")
                    .setInputShape(new int[] {3, 4, 3})
                    .setBatchSize(0)
                    .setMaxIter(40);
            NeuralNetworkClassificationModel model = classifier.fit(files);
            assertArrayEquals(
                    model.stored().theta().floats(),
                    classifier.fit(images).stored().theta().floats());
            assertEquals(3, model.stored().mean().length);
            Dataset<Row> predicted = model.transform(files);
            assertEquals(0, predicted.filter("prediction <> label").count());
            assertEquals(
                    predicted.select("rawPrediction").collectAsList(),
                    model.transform(images).select("rawPrediction").collectAsList());
            write(13, 5);
            Exception other = assertThrows(
                    Exception.class,
                    () -> model.transform(read(frames, "image", "image", "image.origin"))
                            .collectAsList());
            assertTrue(
                    other.toString()
                            .contains("column 'features': found an image of shape [3, 4, 5], expected [3, 4, 3]"),
                    other.toString());
        }
    }
}

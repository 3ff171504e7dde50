package io.etastar.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.spark.SparkTestSession;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same PNG files as Spark's images, as files' bytes and as pixels. */
class PixelsTest {
    private static final int[] SHAPE = {3, 2, 3};

    @TempDir
    static Path directory;

    private static SparkTestSession context;
    private static SparkSession session;

    @BeforeAll
    static void open() throws IOException {
        context = SparkTestSession.open("local[2]");
        session = SparkSession.builder().sparkContext(context.context().sc()).getOrCreate();
        for (int i = 0; i < 3; i++) {
            write("good", "image-" + i + ".png", 3, i);
        }
        write("other", "image-9.png", 4, 9);
    }

    @AfterAll
    static void close() {
        session.stop();
        context.close();
    }

    private static void write(String folder, String name, int width, int number) throws IOException {
        BufferedImage image = new BufferedImage(width, 2, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 2 * width; p++) {
            image.setRGB(p % width, p / width, 100 * number + p << 16 | 50 + p << 8 | p);
        }
        Path file = Files.createDirectories(directory.resolve(folder)).resolve(name);
        ImageIO.write(image, "png", file.toFile());
    }

    private static Dataset<Row> frame(String format, String folder) {
        String path = directory.resolve(folder).toString();
        Dataset<Row> files = session.read().format(format).load(path);
        String name = format.equals("image") ? "image.origin" : "path";
        return files.selectExpr("*", "cast(regexp_extract(" + name + ", '([0-9]+).png', 1) as int) as label")
                .orderBy("label");
    }

    private static FrameColumns columns(String features) {
        return FrameColumns.of(features, "label", FrameColumns.FOUND).withShape(SHAPE);
    }

    private static Shard all(Dataset<Row> frame, FrameColumns columns) {
        try (FrameRows rows = FrameRows.of("images", frame, columns)) {
            assertArrayEquals(SHAPE, rows.shape().features());
            return rows.lay(null, 1).collect().get(0);
        }
    }

    @Test
    void allThreeWaysGiveTheSameFeatures() {
        float[] expected = new float[3 * 18];
        for (int i = 0; i < 3; i++) {
            for (int p = 0; p < 6; p++) {
                expected[18 * i + p] = (100 * i + p & 0xFF) / 255f;
                expected[18 * i + 6 + p] = (50 + p) / 255f;
                expected[18 * i + 12 + p] = p / 255f;
            }
        }
        Shard files = all(frame("binaryFile", "good"), columns("content"));
        assertArrayEquals(expected, files.features().floats());
        assertArrayEquals(new float[] {0, 1, 2}, files.targets().floats());
        Dataset<Row> images = frame("image", "good");
        assertArrayEquals(expected, all(images, columns("image")).features().floats());
        FrameColumns shapeless = FrameColumns.of("image", "label", FrameColumns.FOUND);
        assertArrayEquals(expected, all(images, shapeless).features().floats());
        Dataset<Row> pixels =
                images.limit(1).selectExpr("unhex('C8D8FF89504E470D0A0B0C0D0E0F10111213') as p", "0 as label");
        assertEquals(200 / 255f, all(pixels, columns("p")).features().get(0));
    }

    @Test
    void mistakesNameTheColumn() {
        assertEquals(
                "column 'content': found an image of shape [3, 2, 4], expected [3, 2, 3] ([channels, height, width])",
                message(frame("binaryFile", "other"), columns("content")));
        assertEquals(
                "column 'image': found an image of shape [3, 2, 4], expected [3, 2, 3] ([channels, height, width])",
                message(frame("image", "other"), columns("image")));
        assertEquals(
                "column 'content': found no image, expected a JPEG or PNG file",
                message(
                        frame("binaryFile", "good").selectExpr("unhex('89504E470000000000') as content", "0 as label"),
                        columns("content")));
    }

    private static String message(Dataset<Row> frame, FrameColumns columns) {
        return assertThrows(UserError.class, () -> FrameRows.of("images", frame, columns))
                .getMessage();
    }

    @Test
    void aFileThatSparkCannotDecodeIsNamed() throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("bad")).resolve("image-1.png"), "no image");
        Dataset<Row> images = session.read()
                .format("image")
                .load(directory.resolve("bad").toString())
                .selectExpr("image", "0 as label");
        String message = message(images, FrameColumns.of("image", "label", 2));
        assertTrue(message.startsWith("column 'image': found an image that is none ("), message);
        assertTrue(message.contains("bad/image-1.png"), message);
    }
}

package io.etastar.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
    private static final int WIDTH = 4;
    private static final int HEIGHT = 3;

    @TempDir
    Path directory;

    /** An image whose colour at (x, y) is (10 x, 10 y, blue). */
    private static BufferedImage image(int type, int width, int height, int blue) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, 0xFF000000 | 10 * x << 16 | 10 * y << 8 | blue);
            }
        }
        return image;
    }

    private static void write(Path file, String format, BufferedImage image) throws IOException {
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(image, format, file.toFile()));
    }

    private void png(String name, int blue) throws IOException {
        write(directory.resolve(name), "png", image(BufferedImage.TYPE_INT_RGB, WIDTH, HEIGHT, blue));
    }

    /** Ten images of class b, which holds blue 100 to 109, and five of class a, 0 to 4; two for testing. */
    private void twoClasses() throws IOException {
        for (int i = 0; i < 10; i++) {
            png("train/b/" + i + ".png", 100 + i);
        }
        for (int i = 0; i < 5; i++) {
            png("train/a/" + i + ".PNG", i);
        }
        png("test/a/0.png", 7);
        png("test/b/0.png", 107);
    }

    private ImageSource train() {
        return ImageSource.open(directory.toString(), true);
    }

    private static int blue(Shard shard, int row) {
        return Math.round(shard.features().floats()[(row * 3 + 2) * WIDTH * HEIGHT] * 255);
    }

    @Test
    void rowsHaveTheirPixelsAndClassesInAMixedOrder() throws IOException {
        twoClasses();
        ImageSource source = train();
        assertArrayEquals(new int[] {3, HEIGHT, WIDTH}, source.shape().features());
        assertEquals(2, source.shape().classes());
        assertEquals(15, source.rows());
        Shard all = source.read(0, 15);
        Set<Integer> blues = new HashSet<>();
        for (int row = 0; row < 15; row++) {
            blues.add(blue(all, row));
            assertEquals(blue(all, row) >= 100 ? 1 : 0, all.targets().get(row), "class b comes second");
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    int at = row * 3 * WIDTH * HEIGHT + y * WIDTH + x;
                    assertEquals(10 * x / 255f, all.features().floats()[at]);
                    assertEquals(10 * y / 255f, all.features().floats()[at + WIDTH * HEIGHT]);
                }
            }
        }
        assertEquals(15, blues.size(), "every file once");
        double[] labels = all.targets().toDoubles();
        assertTrue(
                Arrays.stream(labels, 0, 8).sum() > 0
                        && Arrays.stream(labels, 0, 8).sum() < 8,
                "mixed");
        assertEquals(2, ImageSource.open(directory.toString(), false).rows());
    }

    @Test
    void rangesAndCopiesOnOtherMachinesReadTheSame() throws Exception {
        twoClasses();
        ImageSource source = train();
        float[] all = source.read(0, 15).features().floats();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(source);
        }
        assertTrue(bytes.size() < 1000, "no list of files travels: " + bytes.size());
        ImageSource sent =
                (ImageSource) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        int length = 3 * WIDTH * HEIGHT;
        assertArrayEquals(
                Arrays.copyOfRange(all, 4 * length, 9 * length),
                sent.read(4, 9).features().floats());
        assertEquals(0, sent.read(3, 3).rows());
        png("train/a/new.png", 9);
        ImageSource late =
                (ImageSource) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertEquals(
                "DIR/train: found 16 images in 2 classes, expected 15 in 2 as when the job began",
                error(() -> late.read(0, 1)));
    }

    @Test
    void inspectMeasuresChannels() throws IOException {
        twoClasses();
        ImageSource source = train();
        Standardisation measured = source.inspect();
        Standardisation expected =
                Standardisation.of(source.read(0, 15).features(), source.shape().features());
        assertArrayEquals(expected.mean(), measured.mean(), 1e-7);
        assertArrayEquals(expected.deviation(), measured.deviation(), 1e-7);
    }

    @Test
    void greyAndPaletteImagesAndJpegAreRead() throws IOException {
        BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(1, 2, 0, 200);
        write(directory.resolve("train/a/0.png"), "png", grey);
        ImageSource source = train();
        assertArrayEquals(new int[] {1, HEIGHT, WIDTH}, source.shape().features());
        assertEquals(200 / 255f, source.read(0, 1).features().floats()[2 * WIDTH + 1], "no gamma");

        byte[] ramp = {0, 50, 100};
        IndexColorModel colours = new IndexColorModel(8, 3, ramp, new byte[3], new byte[3]);
        BufferedImage palette = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, colours);
        palette.getRaster().setSample(0, 0, 0, 2);
        write(directory.resolve("other/train/a/0.png"), "png", palette);
        Shard shard =
                ImageSource.open(directory.resolve("other").toString(), true).read(0, 1);
        assertEquals(3 * WIDTH * HEIGHT, shard.featureLength());
        assertEquals(100 / 255f, shard.features().floats()[0]);

        write(directory.resolve("jpeg/train/a/0.jpeg"), "jpg", image(BufferedImage.TYPE_INT_RGB, 16, 16, 250));
        Shard jpeg =
                ImageSource.open(directory.resolve("jpeg").toString(), true).read(0, 1);
        assertEquals(250 / 255f, jpeg.features().floats()[2 * 256 + 100], 0.05f);
        assertEquals(0.1f, jpeg.features().floats()[100], 0.3f);
    }

    private String error(Executable executable) {
        String message = assertThrows(UserError.class, executable).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message.replace(directory.toString(), "DIR");
    }

    private String error() {
        return error(() -> train().inspect());
    }

    @Test
    void mistakesInFoldersAreNamed() throws IOException {
        assertEquals("DIR/train: no such directory; expected a folder of images for each class in it", error());
        Files.createDirectories(directory.resolve("train"));
        assertEquals("DIR/train: found no folder, expected one of images for each class", error());
        Files.createDirectories(directory.resolve("train/a"));
        assertEquals("DIR/train/a: found no image, expected at least one JPEG or PNG file for the class", error());
        Files.writeString(directory.resolve("train/a/notes.txt"), "x");
        assertEquals(
                "DIR/train/a/notes.txt: found a file of another kind, expected names in .jpg, .jpeg or .png", error());
        Files.delete(directory.resolve("train/a/notes.txt"));
        Files.writeString(directory.resolve("train/a/.hidden"), "x");
        png("train/a/0.png", 1);
        png("test/b/0.png", 1);
        assertEquals(
                "DIR/test: found the classes [b], expected [a] as in train",
                error(() -> ImageSource.open(directory.toString(), false)));
        Files.writeString(directory.resolve("train/c.png"), "x");
        assertEquals("DIR/train/c.png: found a file, expected folders of images alone", error());
    }

    @Test
    void filesThatDoNotFitAreNamed() throws IOException {
        png("train/a/0.png", 1);
        Path file = directory.resolve("train/a/1.png");
        Files.writeString(file, "no image");
        assertEquals("DIR/train/a/1.png: found no image, expected a JPEG or PNG file", error());
        write(file, "png", image(BufferedImage.TYPE_INT_RGB, WIDTH + 1, HEIGHT, 0));
        assertEquals(
                "DIR/train/a/1.png: found an image of shape [3, 3, 5], expected [3, 3, 4] ([channels, height, width])"
                        + " as in DIR/train/a/0.png",
                error());
        write(file, "png", image(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 0));
        assertTrue(error().startsWith("DIR/train/a/1.png: found an image of shape [1, 3, 4]"));
        write(file, "png", image(BufferedImage.TYPE_INT_ARGB, WIDTH, HEIGHT, 0));
        assertTrue(error().startsWith("DIR/train/a/1.png: found an image of shape [4, 3, 4]"));
        write(file, "png", new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY));
        assertEquals("DIR/train/a/1.png: found 16 bits a channel, expected 8", error());
        png("train/a/1.png", 1);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(error().startsWith("DIR/train/a/1.png: found no whole image ("), error());
    }
}

package io.etastar.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {
    @TempDir
    Path directory;

    /** How many pixels of the image have each colour. */
    private static Map<Integer, Integer> colours(BufferedImage image, int fromX, int toX, int fromY, int toY) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int x = fromX; x < toX; x++) {
            for (int y = fromY; y < toY; y++) {
                counts.merge(image.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
            }
        }
        return counts;
    }

    @Test
    void theScaleKeepsSignAndOrderAndIsInverted() {
        HeatMap.SignedLogarithm scale = HeatMap.SignedLogarithm.of(new double[][] {{-50, 0}, {3, Double.NaN}}, 4);
        assertEquals(-1, scale.place(-50), 1e-12);
        assertEquals(0, scale.place(0));
        double last = -2;
        for (double value : new double[] {-50, -5, -1e-3, 0, 1e-3, 0.05, 3, 50}) {
            assertTrue(scale.place(value) > last, "" + value);
            last = scale.place(value);
            assertEquals(value, scale.value(last), 1e-9 * Math.max(1, Math.abs(value)));
        }
        assertEquals(0.25, scale.place(5) - scale.place(0.5), 0.01, "a power of ten is a quarter of one side");
    }

    @Test
    void heatMapsHaveTheColoursOfTheirCells() throws IOException {
        Path file = directory.resolve("h.png");
        // Rows: top is negative, middle 0, bottom positive.
        double[][] matrix = {{-8, -8, -8}, {0, 0, 0}, {8, 8, 8}};
        HeatMap.write(file, "H", List.of("a.weight", "b.weight", "b.bias"), matrix, 600);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(600, image.getWidth());
        assertEquals(600, image.getHeight());
        int blue = new Color(33, 102, 172).getRGB() & 0xFFFFFF;
        int white = new Color(247, 247, 247).getRGB() & 0xFFFFFF;
        int red = new Color(178, 24, 43).getRGB() & 0xFFFFFF;
        Map<Integer, Integer> top = colours(image, 100, 450, 40, 150);
        Map<Integer, Integer> bottom = colours(image, 100, 450, 380, 500);
        assertTrue(top.getOrDefault(blue, 0) > 5000, "negative on top: " + top);
        assertEquals(0, top.getOrDefault(red, 0));
        assertTrue(bottom.getOrDefault(red, 0) > 5000, "positive at the bottom: " + bottom);
        assertEquals(0, bottom.getOrDefault(blue, 0));
        assertTrue(colours(image, 100, 450, 40, 500).getOrDefault(white, 0) > 5000, "0 in between");
    }

    @Test
    void curvesAreDrawnWithoutPointsThatCannotBe() throws IOException {
        Path file = directory.resolve("losses.png");
        LineChart.Curve falling = new LineChart.Curve("adam", new double[] {1, 2, 3}, new double[] {1, 0.1, 0.01});
        LineChart.Curve broken =
                new LineChart.Curve("sgd", new double[] {1, 2, 3}, new double[] {1, 0, Double.POSITIVE_INFINITY});
        LineChart.Axis loss = new LineChart.Axis("loss", true);
        LineChart.write(file, "losses", "epoch", loss, List.of(falling, broken), 700, 400);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(700, image.getWidth());
        assertEquals(400, image.getHeight());
        assertTrue(colours(image, 0, 700, 0, 400).size() > 10, "something is drawn");
        // Beyond what a linear axis can be divided into.
        LineChart.Curve far = new LineChart.Curve("far", new double[] {1, 2}, new double[] {1, 1e300});
        Path linear = directory.resolve("linear.png");
        LineChart.write(linear, "paths", "x", new LineChart.Axis("y", false), List.of(falling, far), 700, 400);
        assertTrue(Files.exists(linear));
        Path none = directory.resolve("none.png");
        LineChart.write(
                none, "losses", "epoch", loss, List.of(new LineChart.Curve("x", new double[1], new double[1])), 7, 4);
        assertFalse(Files.exists(none));
    }
}

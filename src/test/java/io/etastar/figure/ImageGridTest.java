package io.etastar.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
    @TempDir
    Path directory;

    /** Three images of two rows and three columns, two beside each other: white lines between them, and white where there is none. */
    @Test
    void eachPixelIsInItsPlace() throws IOException {
        Path file = directory.resolve("grid.png");
        int[][] images = {{0, 1, 2, 3, 4, 5}, {10, 11, 12, 13, 14, 15}, {20, 21, 22, 23, 24, 25}};
        ImageGrid.write(file, images, 3, 2, 2);
        BufferedImage grid = ImageIO.read(file.toFile());
        int[][] expected = {
            {0, 1, 2, 255, 10, 11, 12},
            {3, 4, 5, 255, 13, 14, 15},
            {255, 255, 255, 255, 255, 255, 255},
            {20, 21, 22, 255, 255, 255, 255},
            {23, 24, 25, 255, 255, 255, 255}
        };
        assertEquals(14, grid.getWidth());
        assertEquals(10, grid.getHeight());
        for (int y = 0; y < 10; y++) {
            for (int x = 0; x < 14; x++) {
                assertEquals(expected[y / 2][x / 2], grid.getRaster().getSample(x, y, 0), x + ", " + y);
            }
        }
    }
}

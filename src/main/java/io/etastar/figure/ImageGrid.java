package io.etastar.figure;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Grey images beside each other, a pixel of white between them. */
public final class ImageGrid {
    private static final int WHITE = 255;

    private ImageGrid() {}

    /**
     * Writes a PNG file.
     *
     * @param file to write
     * @param images grey levels [N, H W] from 0 to 255, row by row
     * @param width W
     * @param columns images beside each other
     * @param zoom side of a pixel in the figure
     */
    public static void write(Path file, int[][] images, int width, int columns, int zoom) throws IOException {
        int height = images[0].length / width;
        int rows = (images.length + columns - 1) / columns;
        int across = columns * (width + 1) - 1;
        int down = rows * (height + 1) - 1;
        BufferedImage grid = new BufferedImage(across * zoom, down * zoom, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < down * zoom; y++) {
            for (int x = 0; x < across * zoom; x++) {
                grid.getRaster().setSample(x, y, 0, level(images, width, columns, x / zoom, y / zoom));
            }
        }
        ImageIO.write(grid, "png", file.toFile());
    }

    private static int level(int[][] images, int width, int columns, int x, int y) {
        int height = images[0].length / width;
        int image = y / (height + 1) * columns + x / (width + 1);
        int row = y % (height + 1);
        int column = x % (width + 1);
        return image < images.length && row < height && column < width ? images[image][row * width + column] : WHITE;
    }
}

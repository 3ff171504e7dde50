package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;

/**
 * Images [N, C, H, W] of a {@link WinogradConvolution} and their tiles [16, rows, C]: channels come last in tiles, so that
 * every step runs along them in full vectors.
 */
final class WinogradImages {
    private static final int POINTS = 16;
    private static final int BLOCK = 16;
    /** Keeps the points of a strip from sharing one set of the first cache. */
    private static final int APART = 16;

    private final int channels;
    private final int height;
    private final int width;
    private final int top;
    private final int left;
    private final int tileRows;
    private final int tileColumns;
    private final int pitch;
    private final int point;
    private final float[] raw;
    /** One image, channels last, with zeros around it. */
    private final float[] image;
    /** A row of tiles: [16, tiles, C], points {@link #point} elements apart. */
    private final float[] strip;

    /**
     * @param padding zeros before rows and columns
     * @param rows rows of the convolution's output
     * @param columns columns of the convolution's output
     */
    WinogradImages(int channels, int height, int width, int[] padding, int rows, int columns) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        top = padding[0];
        left = padding[1];
        tileRows = (rows + 1) / 2;
        tileColumns = (columns + 1) / 2;
        pitch = 2 * tileColumns + 2;
        raw = new float[channels * height * width];
        image = new float[(2 * tileRows + 2) * pitch * channels];
        point = tileColumns * channels + APART;
        strip = new float[POINTS * point];
    }

    /** Tiles of an image. */
    int tiles() {
        return tileRows * tileColumns;
    }

    /** Elements of an image. */
    int length() {
        return raw.length;
    }

    /** tiles[:, rows of slot, :] = B^T d B for image {@code n}. */
    void cut(Tensor images, int n, Tensor tiles, int slot) {
        load(images, n);
        for (int row = 0; row < tileRows; row++) {
            WinogradTiles.cut(image, 2 * row * pitch * channels, pitch, channels, tileColumns, strip, point);
            put(tiles, slot, row);
        }
    }

    /** tiles[:, rows of slot, :] = A a A^T for the adjoint in image {@code n}. */
    void spread(Tensor images, int n, Tensor tiles, int slot) {
        load(images, n);
        for (int row = 0; row < tileRows; row++) {
            WinogradTiles.spread(image, 2 * row * pitch * channels, pitch, channels, tileColumns, strip, point);
            put(tiles, slot, row);
        }
    }

    /** Image {@code n} = A^T m A for the tiles of slot. */
    void assemble(Tensor tiles, int slot, Tensor images, int n) {
        int length = tileColumns * channels;
        int step = tiles.length() / POINTS;
        for (int row = 0; row < tileRows; row++) {
            int at = (slot * tileRows + row) * length;
            for (int k = 0; k < POINTS; k++) {
                tiles.read(k * step + at, strip, k * point, length);
            }
            WinogradTiles.assemble(strip, point, image, 2 * row * pitch * channels, pitch, channels, tileColumns);
        }
        store(images, n);
    }

    private void put(Tensor tiles, int slot, int row) {
        int length = tileColumns * channels;
        int step = tiles.length() / POINTS;
        int at = (slot * tileRows + row) * length;
        for (int k = 0; k < POINTS; k++) {
            tiles.write(k * step + at, strip, k * point, length);
        }
    }

    private void load(Tensor images, int n) {
        images.read(n * raw.length, raw, 0, raw.length);
        if (width < BLOCK / 2) {
            loadPixels();
            return;
        }
        for (int first = 0; first < channels; first += BLOCK) {
            for (int y = 0; y < height; y++) {
                int to = ((y + top) * pitch + left) * channels + first;
                for (int c = 0; c < BLOCK; c++) {
                    int from = ((first + c) * height + y) * width;
                    for (int x = 0; x < width; x++) {
                        image[to + c + x * channels] = raw[from + x];
                    }
                }
            }
        }
    }

    /** Small images: rows are too short for a loop along them. */
    private void loadPixels() {
        int plane = height * width;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int to = ((y + top) * pitch + x + left) * channels;
                int from = y * width + x;
                for (int c = 0; c < channels; c++) {
                    image[to + c] = raw[from + c * plane];
                }
            }
        }
    }

    private void store(Tensor images, int n) {
        for (int first = 0; first < channels; first += BLOCK) {
            for (int y = 0; y < height; y++) {
                int from = y * pitch * channels + first;
                for (int c = 0; c < BLOCK; c++) {
                    int to = ((first + c) * height + y) * width;
                    for (int x = 0; x < width; x++) {
                        raw[to + x] = image[from + c + x * channels];
                    }
                }
            }
        }
        images.write(n * raw.length, raw, 0, raw.length);
    }
}

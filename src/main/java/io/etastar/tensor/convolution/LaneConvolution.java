package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link SmallConvolution} with the same pixel of several images in a vector (layout CHWN, N the lanes of a vector).
 *
 * <p>No vector has lanes between two rows or past a plane's end, and taps that read nothing but padding are left out, which in
 * the adjoint of 14 x 14 images with kernels of 5 x 5 are half of all. It pays if that saves more than the change of layout
 * costs, so for small images and many taps. Lanes without an image are computed and dropped.
 */
final class LaneConvolution implements SmallConvolution {
    private static final int LANES = LaneTiles.LANES;
    /** Elements copied at a time in a change of layout: as many lines of the cache as images. */
    private static final int BLOCK = 16;
    /** Multiply-adds of a vector in whose time an element changes its layout. */
    private static final int COPY_WORK = 2;

    /** Of images and results of a vector: 2 MB. */
    private static final int MOST_ELEMENTS = 1 << 19;

    private final Shape shape;
    private final int rows;
    private final int columns;
    private final int pitch;
    private final int tall;
    private final int rawPitch;
    private final float[] raw;
    private final float[] images;
    private final float[] planes;
    private final float[] weights;
    /** The first output of each tile. */
    private final int[] groups;

    private final Taps[] taps;
    private final int[] rowKind;
    private final int[] columnKind;
    private final int columnKinds;

    LaneConvolution(Shape shape) {
        this.shape = shape;
        rows = shape.rows();
        columns = shape.columns();
        // One column more: the second of two pixels may lie past the last.
        pitch = shape.width() + 2 * shape.left() + 1;
        tall = shape.height() + 2 * shape.top();
        rawPitch = rawPitch(Math.max(shape.imageSize(), shape.resultSize()));
        raw = new float[LANES * rawPitch];
        images = new float[(shape.inputs() * tall * pitch + 1) * LANES];
        planes = new float[LaneTiles.computed(shape.outputs()) * rows * columns * LANES];
        groups = groups(shape.outputs());
        weights = new float[groups.length * shape.taps() * LaneTiles.GROUP];
        List<int[]> rowRanges = new ArrayList<>();
        List<int[]> columnRanges = new ArrayList<>();
        rowKind = kinds(rowRanges, rows, 1, shape.kernelHeight(), shape.height(), shape.top());
        columnKind = kinds(columnRanges, columns, 2, shape.kernelWidth(), shape.width(), shape.left());
        columnKinds = columnRanges.size();
        taps = new Taps[rowRanges.size() * columnKinds];
        for (int i = 0; i < taps.length; i++) {
            taps[i] = taps(rowRanges.get(i / columnKinds), columnRanges.get(i % columnKinds));
        }
    }

    /** Whether the buffers stay in the cache: beyond it nothing is gained, and they are on the heap, where nobody counts them. */
    static boolean fits(Shape shape) {
        long read = (long) shape.inputs() * (shape.height() + 2 * shape.top()) * (shape.width() + 2 * shape.left() + 1);
        long written = (long) LaneTiles.computed(shape.outputs()) * shape.rows() * shape.columns();
        return (read + written) * LANES <= MOST_ELEMENTS;
    }

    /** Multiply-adds of a vector for an image, the change of layout included, if {@code images} are given at a time. */
    static long work(Shape shape, int images) {
        long read = (long) reads(shape.rows(), shape.kernelHeight(), shape.height(), shape.top())
                * reads(shape.columns(), shape.kernelWidth(), shape.width(), shape.left());
        long products = read * shape.inputs() * LaneTiles.computed(shape.outputs()) / LANES;
        long copies = COPY_WORK * (long) (shape.imageSize() + shape.resultSize());
        long groups = (images + LANES - 1) / LANES;
        return (products + copies) * groups * LANES / images;
    }

    /** Pairs of a result's place and a weight that read a pixel along one axis. */
    private static int reads(int places, int kernel, int side, int padding) {
        int sum = 0;
        for (int i = 0; i < places; i++) {
            sum += Math.min(kernel, side + padding - i) - Math.max(0, padding - i);
        }
        return sum;
    }

    /** Elements between two images: rows of the same number would share few lines of the cache if it were a power of two. */
    private static int rawPitch(int size) {
        return (size + 255) / 256 * 256 + 16;
    }

    private static int[] groups(int outputs) {
        return IntStream.iterate(0, m -> m < outputs, m -> m + LaneTiles.tile(outputs - m))
                .toArray();
    }

    /** Which of {@code ranges} of weights each {@code step} places read, adding those that are not yet there. */
    private static int[] kinds(List<int[]> ranges, int places, int step, int kernel, int side, int padding) {
        int[] kinds = new int[(places + step - 1) / step];
        for (int i = 0; i < kinds.length; i++) {
            int from = Math.max(0, padding - (i * step + step - 1));
            int to = Math.min(kernel, side + padding - i * step);
            int kind = 0;
            while (kind < ranges.size() && (ranges.get(kind)[0] != from || ranges.get(kind)[1] != to)) {
                kind++;
            }
            if (kind == ranges.size()) {
                ranges.add(new int[] {from, to});
            }
            kinds[i] = kind;
        }
        return kinds;
    }

    private Taps taps(int[] kernelRows, int[] kernelColumns) {
        int count = shape.inputs() * (kernelRows[1] - kernelRows[0]) * (kernelColumns[1] - kernelColumns[0]);
        int[] places = new int[count];
        int[] weight = new int[count];
        int j = 0;
        for (int c = 0; c < shape.inputs(); c++) {
            for (int ky = kernelRows[0]; ky < kernelRows[1]; ky++) {
                for (int kx = kernelColumns[0]; kx < kernelColumns[1]; kx++) {
                    places[j] = ((c * tall + ky) * pitch + kx) * LANES;
                    weight[j++] = ((c * shape.kernelHeight() + ky) * shape.kernelWidth() + kx) * LaneTiles.GROUP;
                }
            }
        }
        return new Taps(places, weight);
    }

    @Override
    public void forward(Tensor from, float[] weight, Tensor out) {
        int n = from.length() / shape.imageSize();
        arrange(weight);
        for (int i = 0; i < n; i += LANES) {
            int count = Math.min(LANES, n - i);
            load(from, i, count);
            for (int group = 0; group < groups.length; group++) {
                sums(group);
            }
            store(out, i, count);
        }
    }

    /** weights = [groups, taps, GROUP]. */
    private void arrange(float[] weight) {
        int count = shape.taps();
        for (int group = 0; group < groups.length; group++) {
            int end = group + 1 < groups.length ? groups[group + 1] : shape.outputs();
            for (int m = groups[group]; m < end; m++) {
                int at = group * count * LaneTiles.GROUP + m - groups[group];
                for (int j = 0; j < count; j++) {
                    weights[at + j * LaneTiles.GROUP] = weight[m * count + j];
                }
            }
        }
    }

    private void sums(int group) {
        int plane = rows * columns * LANES;
        int first = groups[group];
        int tile = LaneTiles.tile(shape.outputs() - first);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x += 2) {
                Taps read = taps[rowKind[y] * columnKinds + columnKind[x / 2]];
                LaneTiles.pixels(
                        images,
                        (y * pitch + x) * LANES,
                        read.places,
                        weights,
                        group * shape.taps() * LaneTiles.GROUP,
                        read.weights,
                        planes,
                        first * plane + (y * columns + x) * LANES,
                        plane,
                        tile,
                        x + 1 < columns);
            }
        }
    }

    /** raw = {@code count} rows of {@code from} from the {@code n}th on, then rows of 0. */
    private void read(Tensor from, int n, int count, int size) {
        for (int l = 0; l < count; l++) {
            from.read((n + l) * size, raw, l * rawPitch, size);
        }
        for (int l = count; l < LANES; l++) {
            Arrays.fill(raw, l * rawPitch, l * rawPitch + size, 0);
        }
    }

    /** images = {@code count} images from the {@code n}th on, 0 in the other lanes. */
    private void load(Tensor from, int n, int count) {
        read(from, n, count, shape.imageSize());
        int width = shape.width();
        for (int c = 0; c < shape.inputs(); c++) {
            for (int y = 0; y < shape.height(); y++) {
                int row = (c * shape.height() + y) * width;
                int at = ((c * tall + y + shape.top()) * pitch + shape.left()) * LANES;
                for (int x = 0; x < width; x++) {
                    gather(row + x, at + x * LANES, images);
                }
            }
        }
    }

    private void gather(int element, int at, float[] to) {
        for (int l = 0; l < LANES; l++) {
            to[at + l] = raw[element + l * rawPitch];
        }
    }

    private void store(Tensor out, int n, int count) {
        int size = shape.resultSize();
        for (int from = 0; from < size; from += BLOCK) {
            int to = Math.min(size, from + BLOCK);
            for (int l = 0; l < count; l++) {
                scatter(from, to, l);
            }
        }
        for (int l = 0; l < count; l++) {
            out.write((n + l) * size, raw, l * rawPitch, size);
        }
    }

    private void scatter(int from, int to, int lane) {
        int at = lane * rawPitch;
        for (int e = from; e < to; e++) {
            raw[at + e] = planes[e * LANES + lane];
        }
    }

    /** The taps of a pixel: where each reads, and where its weights begin. */
    private record Taps(int[] places, int[] weights) {}
}

package io.etastar.data.format;

import io.etastar.data.DataSource;
import io.etastar.data.Permutation;
import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The embedded UCI optical digits: 8 x 8 images as 64 values 0..16, 10 classes, split 1500/297.
 *
 * <p>The split is a permutation of the 1797 rows drawn from the seed: the first 1500 are for training.
 */
public final class DigitsSource implements DataSource {
    private static final long serialVersionUID = 1L;
    private static final int ROWS = 1797;
    private static final int TRAIN = 1500;
    private static final int SIDE = 8;
    private static final int PIXELS = SIDE * SIDE;

    private final boolean train;
    private final long seed;
    private transient int[] order;

    private DigitsSource(boolean train, long seed) {
        this.train = train;
        this.seed = seed;
    }

    /** The 1500 training rows of that seed. */
    public static DigitsSource train(long seed) {
        return new DigitsSource(true, seed);
    }

    /** The 297 test rows of that seed. */
    public static DigitsSource test(long seed) {
        return new DigitsSource(false, seed);
    }

    @Override
    public RowShape shape() {
        return RowShape.ofClasses("digits (embedded), " + (train ? "train" : "test"), new int[] {1, SIDE, SIDE}, 10);
    }

    @Override
    public int rows() {
        return train ? TRAIN : ROWS - TRAIN;
    }

    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows());
        float[] features = new float[count * PIXELS];
        float[] targets = new float[count];
        for (int i = 0; i < count; i++) {
            byte[] row = Table.ROWS[order()[from + i]];
            for (int j = 0; j < PIXELS; j++) {
                features[i * PIXELS + j] = row[j];
            }
            targets[i] = row[PIXELS];
        }
        return new Shard(count, RawArray.of(features), RawArray.of(targets));
    }

    @Override
    public Standardisation inspect() {
        long[] sum = new long[1];
        long[] squares = new long[1];
        for (int i = 0; i < rows(); i++) {
            byte[] row = Table.ROWS[order()[i]];
            for (int j = 0; j < PIXELS; j++) {
                sum[0] += row[j];
                squares[0] += row[j] * row[j];
            }
        }
        return Standardisation.of((long) rows() * PIXELS, sum, squares, 1);
    }

    private synchronized int[] order() {
        if (order == null) {
            int[] all = Permutation.of(ROWS, seed);
            order = train ? Arrays.copyOf(all, TRAIN) : Arrays.copyOfRange(all, TRAIN, ROWS);
        }
        return order;
    }

    /** The rows of the resource, read once. */
    private static final class Table {
        private static final byte[][] ROWS = load();

        private static byte[][] load() {
            try (InputStream in = DigitsSource.class.getResourceAsStream("digits.csv.gz");
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
                return lines.lines().map(Table::row).toArray(byte[][]::new);
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded digits cannot be read", e);
            }
        }

        private static byte[] row(String line) {
            String[] cells = line.split(",");
            byte[] row = new byte[cells.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = Byte.parseByte(cells[i]);
            }
            return row;
        }
    }
}

package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * One IDX file of unsigned bytes, plain or gzipped: magic 00 00 08 and the number of axes, each axis as a big-endian int32,
 * then the bytes.
 *
 * @param location qualified path
 * @param sizes of the axes
 */
record IdxFile(String location, int[] sizes) implements Serializable {
    private static final int UNSIGNED_BYTE = 8;

    /** Finds the file among its usual names and reads its header. */
    static IdxFile find(Path directory, String stem, int axes) {
        String dashed = stem + "-idx" + axes + "-ubyte";
        String dotted = stem + ".idx" + axes + "-ubyte";
        try {
            for (String name : List.of(dashed, dashed + ".gz", dotted, dotted + ".gz")) {
                Path file = new Path(directory, name);
                FileStatus status = FileAccess.status(file);
                if (status != null && !status.isDirectory()) {
                    return open(file, axes, status.getLen());
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    FileAccess.display(directory) + ": " + dashed + " cannot be read: " + FileAccess.firstLine(e), e);
        }
        throw new UserError(FileAccess.display(directory) + ": found neither " + dashed + " nor " + dotted
                + ", plain or .gz; expected one of them");
    }

    private static IdxFile open(Path file, int axes, long length) throws IOException {
        IdxFile unread = new IdxFile(file.toString(), new int[axes]);
        byte[] header = new byte[4 + 4 * axes];
        try (InputStream in = unread.stream(0)) {
            unread.fill(in, header, header.length, 0, header.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(header);
        int magic = buffer.getInt();
        int expected = UNSIGNED_BYTE << 8 | axes;
        if (magic != expected) {
            throw unread.error(String.format(
                    Locale.ROOT, "found magic %08x, expected %08x (unsigned bytes, %d axes)", magic, expected, axes));
        }
        int[] sizes = new int[axes];
        for (int i = 0; i < axes; i++) {
            sizes[i] = buffer.getInt();
        }
        IdxFile idx = new IdxFile(file.toString(), sizes);
        if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw idx.error("found sizes " + Arrays.toString(sizes) + ", expected at least one of each");
        }
        if (!idx.gzipped() && length != header.length + idx.bytes()) {
            throw idx.error("found " + length + " bytes, expected " + (header.length + idx.bytes()) + " for sizes "
                    + Arrays.toString(sizes));
        }
        return idx;
    }

    /** Bytes of one row. */
    long rowBytes() {
        long bytes = 1;
        for (int i = 1; i < sizes.length; i++) {
            bytes *= sizes[i];
        }
        return bytes;
    }

    long bytes() {
        return java.math.BigInteger.valueOf(rowBytes())
                .multiply(java.math.BigInteger.valueOf(sizes[0]))
                .min(java.math.BigInteger.valueOf(Long.MAX_VALUE / 2))
                .longValue();
    }

    int headerBytes() {
        return 4 + 4 * sizes.length;
    }

    boolean gzipped() {
        return location.endsWith(".gz");
    }

    /** The file's content from byte {@code offset} on: a plain file seeks, a gzipped one reads past what lies before. */
    InputStream stream(long offset) throws IOException {
        FSDataInputStream in = FileAccess.open(new Path(location));
        try {
            if (!gzipped()) {
                in.seek(offset);
                return in;
            }
            InputStream unzipped = new GZIPInputStream(in, 1 << 16);
            byte[] scrap = new byte[1 << 16];
            for (long left = offset; left > 0; left -= Math.min(left, scrap.length)) {
                fill(unzipped, scrap, (int) Math.min(left, scrap.length), offset - left, offset);
            }
            return unzipped;
        } catch (ZipException | EOFException e) {
            in.close();
            throw error("found no whole gzip file (" + FileAccess.firstLine(e) + ")");
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Reads {@code count} bytes; {@code before} and {@code expected} say where they are, for the message. */
    void fill(InputStream in, byte[] bytes, int count, long before, long expected) throws IOException {
        int found = 0;
        String reason = "truncated";
        try {
            for (int n = 0; n >= 0 && found < count; found += Math.max(n, 0)) {
                n = in.read(bytes, found, count - found);
            }
        } catch (EOFException | ZipException e) {
            reason = "damaged gzip: " + FileAccess.firstLine(e);
        }
        if (found < count) {
            throw error(reason + ": found " + (before + found) + " bytes, expected " + expected);
        }
    }

    /** Checks that nothing follows. */
    void expectEnd(InputStream in) throws IOException {
        try {
            if (in.read() >= 0) {
                throw error("found more bytes than the " + (headerBytes() + bytes()) + " that its header describes");
            }
        } catch (EOFException | ZipException e) {
            throw error("damaged gzip at its end: " + FileAccess.firstLine(e));
        }
    }

    UserError error(String message) {
        return new UserError(FileAccess.display(new Path(location)) + ": " + message);
    }
}

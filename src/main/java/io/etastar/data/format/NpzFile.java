package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.DType;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** NumPy's .npz: named arrays of floats, integers of any width or bool, in either byte order, widened to double. */
public final class NpzFile {
    private static final Array UNREAD = new Array(new int[] {0}, new double[0], false);
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
    /** Deflate cannot make data smaller than by this factor. */
    private static final long MOST_DEFLATED = 1032;

    private final String file;
    private final Map<String, Array> arrays;

    private NpzFile(String file, Map<String, Array> arrays) {
        this.file = file;
        this.arrays = Collections.unmodifiableMap(arrays);
    }

    /**
     * One array.
     *
     * @param shape empty for a scalar
     * @param values row-major; shared
     * @param integral whether the file's type holds whole numbers (or bool)
     */
    public record Array(int[] shape, double[] values, boolean integral) {}

    /** All arrays by name, in the file's order; those that were not to be read are empty. */
    public Map<String, Array> arrays() {
        return arrays;
    }

    /**
     * Checks that these names are there; others may be too.
     *
     * @return this
     * @throws UserError listing what the file holds and what is expected
     */
    public NpzFile require(String... names) {
        List<String> missing = new ArrayList<>(List.of(names));
        missing.removeAll(arrays.keySet());
        if (!missing.isEmpty()) {
            throw new UserError(file + ": found arrays " + String.join(", ", arrays.keySet()) + "; expected "
                    + String.join(", ", names) + "; missing " + String.join(", ", missing));
        }
        return this;
    }

    /**
     * Reads a file.
     *
     * @throws UserError naming file and array if anything in it is not as it should be
     */
    public static NpzFile read(String location) {
        return read(location, name -> true);
    }

    /**
     * Reads some arrays of a file; others are not looked at, whatever they hold.
     *
     * @param wanted tells of a name whether its array is read
     * @throws UserError naming file and array if anything in it is not as it should be
     */
    public static NpzFile read(String location, Predicate<String> wanted) {
        Path path = FileAccess.path(location);
        String name = FileAccess.display(path);
        try {
            FileStatus status = FileAccess.status(path);
            if (status == null || status.isDirectory()) {
                throw new UserError(name + ": no such file; expected an .npz file");
            }
            if ("file".equals(path.toUri().getScheme())) {
                return new NpzFile(name, read(name, new File(path.toUri().getPath()), wanted));
            }
            return new NpzFile(name, readCopy(name, path, wanted));
        } catch (ZipException e) {
            throw new UserError(name + ": not a whole .npz (zip) file: " + FileAccess.firstLine(e), e);
        } catch (IOException e) {
            throw new UserError(name + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    private static Map<String, Array> readCopy(String name, Path path, Predicate<String> wanted) throws IOException {
        java.nio.file.Path copy = Files.createTempFile("etastar", ".npz");
        try (InputStream in = FileAccess.open(path)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return read(name, copy.toFile(), wanted);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static Map<String, Array> read(String name, File local, Predicate<String> wanted) throws IOException {
        Map<String, Array> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(local)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String key = entry.getName().replaceFirst("\\.npy$", "");
                String member = name + ": array " + key;
                Array array = wanted.test(key)
                        ? NpyFormat.parse(member, content(zip, entry, member, local.length()))
                        : UNREAD;
                if (arrays.put(key, array) != null) {
                    throw new UserError(member + ": found twice");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ZipException(FileAccess.firstLine(e));
        }
        return arrays;
    }

    /** The entry's bytes; nothing is allocated that the file could not hold. */
    private static byte[] content(ZipFile zip, ZipEntry entry, String member, long fileLength) throws IOException {
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        if (size < 0 || size > Integer.MAX_VALUE - 8 || packed > fileLength || size > packed * MOST_DEFLATED) {
            throw new UserError(member + ": claims " + size + " bytes in " + packed + " of a file of " + fileLength);
        }
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length < size || in.read() >= 0 || sum.getValue() != entry.getCrc()) {
                throw new UserError(member + ": truncated or altered: the zip file's checksum does not fit");
            }
            return bytes;
        } catch (IOException e) {
            throw new UserError(member + ": truncated or altered: " + FileAccess.firstLine(e), e);
        }
    }

    /** Writes arrays as float64 or, if they are integral, int64. Equal arrays give equal bytes. */
    public static void write(String location, Map<String, Array> arrays) throws IOException {
        write(location, arrays, DType.DOUBLE);
    }

    /** Writes arrays as float32 or float64, whichever {@code real} is, or, if they are integral, int64. */
    public static void write(String location, Map<String, Array> arrays, DType real) throws IOException {
        AtomicFile.write(FileAccess.path(location), out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, Array> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                entry.setTimeLocal(NO_TIME);
                zip.putNextEntry(entry);
                zip.write(NpyFormat.format(array.getValue(), real));
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}

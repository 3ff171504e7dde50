package io.etastar.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Named arrays and a JSON object in one file.
 *
 * <p>Little-endian: 8 bytes "ETASTAR1" (the last one the format's version), header length (int32), header (JSON: "arrays",
 * a list of name, dtype and length in the order of their bytes, and "metadata"), the arrays' bytes, CRC32C of everything
 * before (int32).
 *
 * @param metadata the JSON object
 * @param arrays by name, in the file's order
 */
public record ArrayFile(JsonNode metadata, Map<String, RawArray> arrays) {
    private static final byte[] MAGIC = "ETASTAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int FIXED = MAGIC.length + 4;
    private static final int CHECKSUM = 4;

    /** Writes this file, whole or not at all; equal content gives equal bytes. */
    public void write(Path file) throws IOException {
        byte[] header = header();
        AtomicFile.write(file, target -> {
            CRC32C sum = new CRC32C();
            OutputStream out = new CheckedOutputStream(target, sum);
            out.write(MAGIC);
            out.write(little(header.length));
            out.write(header);
            for (RawArray array : arrays.values()) {
                RawBytes.write(out, array);
            }
            target.write(little((int) sum.getValue()));
        });
    }

    private byte[] header() {
        ObjectNode header = Json.MAPPER.createObjectNode();
        ArrayNode list = header.putArray("arrays");
        arrays.forEach((name, array) -> list.addObject()
                .put("name", name)
                .put("dtype", array.type().key())
                .put("length", array.length()));
        header.set("metadata", metadata);
        return Json.compact(header);
    }

    /**
     * Reads a file and checks all of it.
     *
     * @throws CorruptFileException unless it is exactly as it was written
     * @throws UserError if there is no such file
     */
    public static ArrayFile read(Path file) throws IOException {
        FileStatus status = FileAccess.status(file);
        if (status == null || status.isDirectory()) {
            throw new UserError(FileAccess.display(file) + ": no such file");
        }
        if (status.getLen() < FIXED + CHECKSUM) {
            throw new CorruptFileException(file, "found " + status.getLen() + " bytes, too short for an array file");
        }
        CRC32C sum = new CRC32C();
        try (CheckedInputStream in = new CheckedInputStream(FileAccess.open(file), sum)) {
            ArrayFile content = read(file, in, status.getLen() - CHECKSUM);
            int computed = (int) sum.getValue();
            int stored = integer(in);
            if (computed != stored) {
                throw new CorruptFileException(
                        file,
                        String.format(Locale.ROOT, "checksum is %08x, the file's own says %08x", computed, stored));
            }
            return content;
        } catch (EOFException e) {
            throw new CorruptFileException(file, FileAccess.firstLine(e));
        }
    }

    private static ArrayFile read(Path file, CheckedInputStream in, long end) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        RawBytes.fill(in, magic, magic.length);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new CorruptFileException(file, "does not begin with ETASTAR1: not an array file");
        }
        int length = integer(in);
        if (length < 0 || length > end - FIXED) {
            throw new CorruptFileException(file, "header length is " + length + ", the file has " + end + " bytes");
        }
        byte[] json = new byte[length];
        RawBytes.fill(in, json, length);
        ArrayHeader header = ArrayHeader.parse(file, json, end - FIXED - length);
        Map<String, RawArray> arrays = new LinkedHashMap<>();
        for (ArrayHeader.Entry entry : header.entries()) {
            arrays.put(entry.name(), RawBytes.read(in, DType.of(entry.dtype()), entry.length()));
        }
        return new ArrayFile(header.metadata(), Collections.unmodifiableMap(arrays));
    }

    private static int integer(CheckedInputStream in) throws IOException {
        byte[] bytes = new byte[4];
        RawBytes.fill(in, bytes, 4);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** The JSON header of an {@link ArrayFile}, checked against the size of the file before anything is allocated. */
    private record ArrayHeader(List<Entry> entries, JsonNode metadata) {
        record Entry(String name, String dtype, int length) {
            long bytes() {
                return (long) length * (dtype.equals("float") ? 4 : 8);
            }
        }

        static ArrayHeader parse(Path file, byte[] json, long available) {
            JsonNode tree;
            try {
                tree = Json.MAPPER.readTree(json);
            } catch (IOException e) {
                throw new CorruptFileException(file, "header is not JSON");
            }
            JsonNode metadata = tree.path("metadata");
            if (!tree.path("arrays").isArray() || !metadata.isObject()) {
                throw new CorruptFileException(file, "header has no list 'arrays' and object 'metadata'");
            }
            ArrayHeader header = new ArrayHeader(entries(file, tree.path("arrays")), metadata);
            long bytes = header.entries.stream().mapToLong(Entry::bytes).sum();
            if (bytes != available) {
                throw new CorruptFileException(
                        file, "header describes " + bytes + " bytes of arrays, the file has " + available);
            }
            return header;
        }

        private static List<Entry> entries(Path file, JsonNode list) {
            List<Entry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode node : list) {
                String dtype = node.path("dtype").asText();
                JsonNode length = node.path("length");
                boolean valid = node.path("name").isTextual()
                        && (dtype.equals("float") || dtype.equals("double"))
                        && length.isInt()
                        && length.intValue() >= 0
                        && names.add(node.path("name").textValue());
                if (!valid) {
                    throw new CorruptFileException(file, "header describes no array by " + node);
                }
                entries.add(new Entry(node.path("name").textValue(), dtype, length.intValue()));
            }
            return entries;
        }
    }
}

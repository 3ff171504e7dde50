package io.etastar.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** The JSON header of an {@link ArrayFile}, checked against the size of the file before anything is allocated. */
record ArrayHeader(List<Entry> entries, JsonNode metadata) {
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

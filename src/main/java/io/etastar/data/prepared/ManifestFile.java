package io.etastar.data.prepared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;

/** Reads and writes manifest.json. */
public final class ManifestFile {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
    private static final int MOST_BYTES = 1 << 26;

    private ManifestFile() {}

    /**
     * Reads and checks the manifest of a directory; looks at no other file.
     *
     * @throws UserError if there is none, or it is of another version or does not fit together
     */
    public static Manifest read(String directory) {
        Path path = FileAccess.path(directory);
        Path file = new Path(path, Manifest.FILE);
        try {
            if (!FileAccess.isDirectory(path)) {
                throw new UserError(FileAccess.display(path) + ": no such directory; expected one that"
                        + " jobs/prepare-data.sh has written");
            }
            if (FileAccess.status(file) == null) {
                throw error(file, "no such file; expected one that jobs/prepare-data.sh has written");
            }
            try (InputStream in = FileAccess.open(file)) {
                return parse(file, in.readNBytes(MOST_BYTES));
            }
        } catch (IOException e) {
            throw error(file, "cannot be read: " + FileAccess.firstLine(e));
        }
    }

    private static Manifest parse(Path file, byte... json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.path("format").asText().equals(Manifest.FORMAT)) {
                throw error(file, "found no manifest of prepared data, expected format " + Manifest.FORMAT);
            }
            if (tree.path("version").asInt() != Manifest.VERSION) {
                throw error(
                        file,
                        "found version " + tree.path("version").asText() + ", expected " + Manifest.VERSION
                                + ": prepare the data anew");
            }
            Manifest manifest = MAPPER.treeToValue(tree, Manifest.class);
            String mistake = ManifestCheck.mistake(manifest);
            if (mistake != null) {
                throw error(file, mistake);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw error(
                    file,
                    "found no manifest ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + "), expected"
                            + " the JSON that jobs/prepare-data.sh writes");
        } catch (IOException e) {
            throw error(file, "cannot be read: " + FileAccess.firstLine(e));
        }
    }

    /** Writes the manifest into a directory. Equal manifests give equal bytes. */
    public static void write(Manifest manifest, Path directory) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        byte[] json = (MAPPER.writer(printer).writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(new Path(directory, Manifest.FILE), out -> out.write(json));
    }

    private static UserError error(Path file, String message) {
        return new UserError(FileAccess.display(file) + ": " + message);
    }
}

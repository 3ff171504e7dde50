package io.etastar.data.prepared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
            String mistake = mistake(manifest);
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

    /** Which fields do not fit together, or null. */
    private static String mistake(Manifest manifest) {
        FeatureEncoding features = manifest.features();
        if (!positive(features.shape()) || features.shape().length == 0) {
            return "features.shape: found " + Arrays.toString(features.shape()) + ", expected positive sides";
        }
        if (!List.of(FeatureEncoding.FLOAT, FeatureEncoding.BYTE).contains(features.type()) || features.divisor() < 1) {
            return "features: found " + features.type() + " / " + features.divisor()
                    + ", expected float32 or uint8 and a divisor of 1 or more";
        }
        Manifest.Targets targets = manifest.targets();
        if (!positive(targets.shape())
                || targets.classes() < 0
                || targets.classes() > 0 && targets.shape().length > 0) {
            return "targets: found shape " + Arrays.toString(targets.shape()) + " and " + targets.classes()
                    + " classes, expected positive sides, none for classes";
        }
        int names = targets.classNames().size();
        if (names != 0 && names != targets.classes()) {
            return "targets.class_names: found " + names + ", expected " + targets.classes();
        }
        return parts(manifest);
    }

    private static boolean positive(int[] shape) {
        long length = 1;
        for (int side : shape) {
            length = side < 1 ? Long.MAX_VALUE : Math.min(length * side, Integer.MAX_VALUE);
        }
        return length <= Integer.MAX_VALUE / Float.BYTES;
    }

    private static String parts(Manifest manifest) {
        int[] shape = manifest.features().shape();
        int channels = Standardisation.channels(shape);
        for (Manifest.Part part : manifest.parts()) {
            String name = "part " + part.name();
            long rows = 0;
            for (Manifest.DataFile file : part.files()) {
                if (file.rows() < 1 || file.bytes() < 1 || !file.name().matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
                    return name + ": file '" + file.name() + "': found " + file.rows() + " rows in " + file.bytes()
                            + " bytes, expected a plain name and at least one of each";
                }
                rows = rows > Integer.MAX_VALUE ? rows : rows + Math.min(file.rows(), Integer.MAX_VALUE);
            }
            if (!Manifest.PARTS.contains(part.name()) || rows != part.rows() || rows < 1 || rows > Integer.MAX_VALUE) {
                return name + ": found " + part.rows() + " rows, and " + rows + " in its files, expected a part of "
                        + Manifest.PARTS + " with the same number, at least one";
            }
            // Manifests of earlier versions have one mean for all columns of a table.
            if (part.mean().length != channels && part.mean().length != 1
                    || part.deviation().length != part.mean().length
                    || !Arrays.stream(part.mean()).allMatch(Double::isFinite)
                    || !Arrays.stream(part.deviation()).allMatch(value -> value > 0 && Double.isFinite(value))) {
                return name + ": found mean " + Arrays.toString(part.mean()) + " and deviation "
                        + Arrays.toString(part.deviation()) + ", expected " + channels + " finite numbers each";
            }
        }
        return null;
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

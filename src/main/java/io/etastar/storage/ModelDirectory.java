package io.etastar.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A trained model on disk, DIR/model/: {@code model.json} and {@code parameters.bin}.
 *
 * <p>parameters.bin is the bare array, little-endian, tensors one after another in the order of model.json's
 * "parameters", row-major: {@code numpy.fromfile(path, '<f4')} reads it ({@code '<f8'} if "dtype" is double). Frozen parameters and
 * other long constants of a graph are in {@code constants.bin}, in the same way. Equal models give equal bytes.
 */
public final class ModelDirectory {
    static final String JSON = "model.json";
    static final String BINARY = "parameters.bin";
    static final String CONSTANTS = "constants.bin";

    private ModelDirectory() {}

    /**
     * Writes DIR/model/, replacing one that is there. It is visible whole or not at all; a crash between the two renames
     * of a replacement leaves the old one as DIR/.model-old.
     *
     * @return path of the model directory
     * @throws StorageFailure if it cannot be written
     */
    public static String write(String directory, StoredModel model) {
        Path root = FileAccess.path(directory);
        Path target = new Path(root, "model");
        Path temporary = new Path(root, ".model-new");
        Path old = new Path(root, ".model-old");
        try {
            FileSystem system = FileAccess.fileSystem(root);
            system.delete(temporary, true);
            system.mkdirs(temporary);
            writeFiles(temporary, model);
            if (FileAccess.status(target) != null) {
                system.delete(old, true);
                AtomicFile.rename(target, old);
            }
            AtomicFile.rename(temporary, target);
            system.delete(old, true);
        } catch (IOException e) {
            throw new StorageFailure(target, e);
        }
        return FileAccess.display(target);
    }

    private static void writeFiles(Path directory, StoredModel model) throws IOException {
        MessageDigest digest = ArrayDigest.sha256();
        AtomicFile.writeThrough(
                new Path(directory, BINARY), out -> RawBytes.write(new DigestOutputStream(out, digest), model.theta()));
        String checksum = HexFormat.of().formatHex(digest.digest());
        RawArray constants = model.constants();
        if (constants != null) {
            AtomicFile.writeThrough(new Path(directory, CONSTANTS), out -> RawBytes.write(out, constants));
        }
        AtomicFile.writeThrough(
                new Path(directory, JSON), out -> out.write(Json.pretty(ModelJson.toJson(model, checksum))));
    }

    /**
     * Reads a model.
     *
     * @param directory a run's directory, or the model directory in it
     * @throws UserError if there is none, or it is not as it was written
     */
    public static StoredModel read(String directory) {
        Path root = FileAccess.path(directory);
        try {
            Path inner = new Path(root, "model");
            Path model = FileAccess.isDirectory(inner) ? inner : root;
            JsonNode json = json(new Path(model, JSON));
            return whole(model, new ModelJson(FileAccess.display(new Path(model, JSON)), json));
        } catch (IOException e) {
            throw new StorageFailure(root, e);
        }
    }

    /**
     * What model.json says of a model, with its constants, and with zeros for its parameters, which are not read.
     *
     * @param location a run's directory, the model directory in it, or a model.json
     * @throws UserError if there is none, or it is not as it was written
     */
    public static StoredModel describe(String location) {
        Path root = FileAccess.path(location);
        try {
            Path inner = new Path(root, "model");
            Path model = FileAccess.isDirectory(inner) ? inner : root;
            Path file = FileAccess.isDirectory(model) ? new Path(model, JSON) : model;
            ModelJson json = new ModelJson(FileAccess.display(file), json(file));
            ParameterLayout layout = json.layout();
            StoredModel described = json.model(layout, RawArray.zeros(json.type(), layout.size()));
            return described.withConstants(constants(file.getParent(), json));
        } catch (IOException e) {
            throw new StorageFailure(root, e);
        }
    }

    private static JsonNode json(Path file) throws IOException {
        if (length(file) > 1 << 26) {
            throw new UserError(FileAccess.display(file) + ": too long for a model description");
        }
        try (InputStream in = FileAccess.open(file)) {
            byte[] bytes = in.readAllBytes();
            try {
                return Json.MAPPER.readTree(bytes);
            } catch (IOException e) {
                throw new UserError(FileAccess.display(file) + ": not JSON: " + FileAccess.firstLine(e), e);
            }
        }
    }

    private static StoredModel whole(Path directory, ModelJson json) throws IOException {
        ParameterLayout layout = json.layout();
        RawArray theta = array(new Path(directory, BINARY), json.type(), layout.size(), json.checksum());
        return json.model(layout, theta).withConstants(constants(directory, json));
    }

    /** Null if the model has none. */
    private static @Nullable RawArray constants(Path directory, ModelJson json) throws IOException {
        ModelJson.Constants named = json.constants();
        return named == null
                ? null
                : array(
                        new Path(directory, CONSTANTS),
                        named.type(),
                        named.layout().size(),
                        named.checksum());
    }

    private static RawArray array(Path file, DType type, int length, String checksum) throws IOException {
        long expected = (long) length * type.bytes();
        long found = length(file);
        if (found != expected) {
            throw new UserError(
                    FileAccess.display(file) + ": found " + found + " bytes, " + JSON + " describes " + expected);
        }
        MessageDigest digest = ArrayDigest.sha256();
        try (InputStream in = new DigestInputStream(FileAccess.open(file), digest)) {
            RawArray array = RawBytes.read(in, type, length);
            if (!HexFormat.of().formatHex(digest.digest()).equals(checksum)) {
                throw new UserError(FileAccess.display(file) + ": SHA-256 differs from the one in " + JSON);
            }
            return array;
        }
    }

    private static long length(Path file) throws IOException {
        FileStatus status = FileAccess.status(file);
        if (status == null || status.isDirectory()) {
            throw new UserError(FileAccess.display(file) + ": no such file; expected the directory of a trained model");
        }
        return status.getLen();
    }
}

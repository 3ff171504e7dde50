package io.etastar.data.prepared;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Whether files are those that the manifest lists. */
public final class Checksums {
    private Checksums() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Checks that all files of a part are there with the lengths that the manifest says.
     *
     * @throws UserError naming the first file that is not
     */
    static void sizes(Path directory, Manifest.Part part) {
        for (Manifest.DataFile file : part.files()) {
            Path path = new Path(directory, file.name());
            try {
                FileStatus status = FileAccess.status(path);
                if (status == null || status.isDirectory()) {
                    throw error(path, "no such file; expected it, for " + Manifest.FILE + " lists it");
                }
                if (status.getLen() != file.bytes()) {
                    throw error(
                            path,
                            "found " + status.getLen() + " bytes, expected " + file.bytes() + " as in "
                                    + Manifest.FILE);
                }
            } catch (IOException e) {
                throw error(path, "cannot be read: " + FileAccess.firstLine(e));
            }
        }
    }

    /**
     * Reads every file of a directory and compares its SHA-256 with the manifest's.
     *
     * @return number of files
     * @throws UserError naming the first file that is missing or altered
     */
    public static int verify(String directory) {
        Manifest manifest = ManifestFile.read(directory);
        int files = 0;
        for (Manifest.Part part : manifest.parts()) {
            verify(FileAccess.path(directory), part);
            files += part.files().size();
        }
        return files;
    }

    static void verify(Path directory, Manifest.Part part) {
        sizes(directory, part);
        for (Manifest.DataFile file : part.files()) {
            Path path = new Path(directory, file.name());
            MessageDigest sha = sha256();
            try (InputStream in = FileAccess.open(path)) {
                byte[] chunk = new byte[1 << 16];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    sha.update(chunk, 0, n);
                }
            } catch (IOException e) {
                throw error(path, "cannot be read: " + FileAccess.firstLine(e));
            }
            String found = HexFormat.of().formatHex(sha.digest());
            if (!found.equals(file.sha256())) {
                throw error(path, "found SHA-256 " + found + ", expected " + file.sha256() + " as in " + Manifest.FILE);
            }
        }
    }

    static UserError error(Path file, String message) {
        return new UserError(FileAccess.display(file) + ": " + message);
    }
}

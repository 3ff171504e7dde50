package io.etastar.storage;

import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of arrays, of the bytes that files have of them. */
public final class ArrayDigest {
    private ArrayDigest() {}

    /** The digest of an array, in hexadecimal digits. */
    public static String sha256(RawArray array) {
        MessageDigest digest = sha256();
        try {
            RawBytes.write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), array);
        } catch (IOException e) {
            throw new UncheckedIOException("a stream that takes everything", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

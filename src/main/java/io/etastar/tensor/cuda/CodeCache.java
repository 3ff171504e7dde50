package io.etastar.tensor.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Compiled kernels on disk, each in a file that is named by the hash of all that decides it. A file ends with the hash of its
 * content; one that does not fit is compiled anew. A folder that cannot be written to costs time, not the run.
 */
final class CodeCache {
    private static final int HASH_BYTES = 32;

    private final Path folder;

    CodeCache(Path folder) {
        this.folder = folder;
    }

    /**
     * The machine code of {@code source}, from the disk or compiled.
     *
     * @param identity what decides the code beside the source
     */
    byte[] get(String source, String identity, Supplier<byte[]> compile) {
        Path file = folder.resolve(
                HexFormat.of().formatHex(hash((identity + "\n" + source).getBytes(StandardCharsets.UTF_8))) + ".cubin");
        byte[] present = read(file);
        if (present.length > 0) {
            return present;
        }
        byte[] code = compile.get();
        write(file, code);
        return code;
    }

    /** The code in a file; empty if there is none that is whole. */
    private static byte[] read(Path file) {
        try {
            byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int length = Math.max(0, all.length - HASH_BYTES);
            byte[] code = Arrays.copyOf(all, length);
            return Arrays.equals(hash(code), Arrays.copyOfRange(all, length, all.length)) ? code : new byte[0];
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** Writes a file beside and moves it, so that no other process reads half of it. */
    private void write(Path file, byte[] code) {
        byte[] all = Arrays.copyOf(code, code.length + HASH_BYTES);
        System.arraycopy(hash(code), 0, all, code.length, HASH_BYTES);
        try {
            Files.createDirectories(folder);
            Path beside = Files.createTempFile(folder, "new", ".cubin");
            try {
                Files.write(beside, all);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(CodeCache.class)
                    .warn("compiled kernels are not kept in {}: {}", folder, new UncheckedIOException(e).getMessage());
        }
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.etastar.tensor.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where CUDA's libraries are looked for: a folder that is named, what the system's loader finds, toolkits, and the
 * {@code nvidia-*} wheels of a Python environment, in this order.
 */
final class LibraryPath {
    private static final Path LOCAL = Path.of("/usr/local");

    private final List<Path> folders = new ArrayList<>();
    private final boolean named;

    /**
     * @param folder the one folder to look into; null to look into the usual places
     * @param environment the process's variables, of which those that name a Python environment are read
     */
    LibraryPath(@Nullable Path folder, Map<String, String> environment) {
        named = folder != null;
        if (folder != null) {
            folders.add(folder);
            return;
        }
        toolkits();
        for (String variable : new String[] {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
            String prefix = environment.get(variable);
            if (prefix != null) {
                wheels(Path.of(prefix));
            }
        }
        String python = environment.get("PYSPARK_PYTHON");
        Path bin = python == null ? null : Path.of(python).getParent();
        if (bin != null && bin.getParent() != null) {
            wheels(bin.getParent());
        }
    }

    /** Names to try for a library, most wanted first: with each of {@code suffixes}, by the system's loader, then in each folder. */
    List<String> candidates(String library, List<String> suffixes) {
        List<String> found = new ArrayList<>();
        for (String suffix : suffixes) {
            String file = "lib" + library + ".so" + suffix;
            if (!named) {
                found.add(file);
            }
            for (Path folder : folders) {
                found.add(folder.resolve(file).toString());
            }
        }
        return found;
    }

    private void toolkits() {
        for (Path toolkit : children(LOCAL, "cuda*")) {
            add(toolkit.resolve("lib64"));
        }
    }

    private void wheels(Path prefix) {
        for (Path python : children(prefix.resolve("lib"), "python3*")) {
            for (Path wheel : children(python.resolve("site-packages/nvidia"), "*")) {
                add(wheel.resolve("lib"));
            }
        }
    }

    private void add(Path folder) {
        if (Files.isDirectory(folder)) {
            folders.add(folder.toAbsolutePath());
        }
    }

    /** Entries of a folder that match, by name, newest version last named first; none if there is no such folder. */
    private static List<Path> children(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort((a, b) -> b.compareTo(a));
        return found;
    }
}

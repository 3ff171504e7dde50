package io.etastar.tensor;

import java.io.Serializable;
import java.nio.file.Path;

/**
 * Which backend a job computes on, the same in all of its processes.
 *
 * @param name of a backend; empty for the one that is {@linkplain Backend#installed() installed}
 * @param libraries folder of its native libraries on each machine, empty for the usual places
 */
public record BackendChoice(String name, String libraries) implements Serializable {
    /** The backend that is installed. */
    public static final BackendChoice INSTALLED = new BackendChoice("", "");

    /**
     * What a setting says.
     *
     * @param backend cuda for GPUs; auto and cpu are the one that is installed
     * @param libraries folder of the native libraries on each machine, empty for the usual places
     */
    public static BackendChoice of(String backend, String libraries) {
        return backend.equals("cuda") ? new BackendChoice(backend, libraries) : INSTALLED;
    }

    /** The backend in this process. */
    public Backend backend() {
        if (name.isEmpty()) {
            return Backend.installed();
        }
        Backend backend = Backend.named(name);
        if (!libraries.isEmpty()) {
            backend.librariesIn(Path.of(libraries));
        }
        return backend;
    }
}

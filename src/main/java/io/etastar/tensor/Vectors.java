package io.etastar.tensor;

/**
 * Whether the JVM runs with {@code --add-modules=jdk.incubator.vector}, as Spark's executors do. Classes that use the Vector
 * API are only loaded where it does.
 */
final class Vectors {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private Vectors() {}

    static boolean present() {
        return PRESENT;
    }
}

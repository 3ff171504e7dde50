package io.etastar.tensor;

/** Allocates until the process may not grow, frees, and allocates again. */
final class NativeMemoryMain {
    private static final int ELEMENTS = 20_000_000;
    private static final int MOST = 100;

    private NativeMemoryMain() {}

    public static void main(String... arguments) {
        System.out.println("first " + fill(MOST));
        System.out.println("then " + fill(1));
    }

    /** What stopped it before {@code arrays} arrays of 80 MB, or null. */
    private static String fill(int arrays) {
        try (Kernels kernels = Backend.installed().kernels(DType.FLOAT)) {
            for (int i = 0; i < arrays; i++) {
                kernels.allocate(ELEMENTS).fill(0, ELEMENTS, 1);
            }
            return null;
        } catch (DeviceFailure failure) {
            return failure.outOfMemory() + " " + failure.in("this process").getMessage();
        }
    }
}

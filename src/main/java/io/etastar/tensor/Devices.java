package io.etastar.tensor;

/** The accelerators that this process sees, numbered from 0 by the native library; none if it computes on the CPU. */
public interface Devices {
    /**
     * The name and compute capability of a device.
     *
     * @param name as the native library gives it
     */
    record Capability(String name, int major, int minor) {}

    /**
     * The compute capabilities that a native library runs on.
     *
     * @param oldest ten times the oldest one
     * @param newest ten times the newest one
     * @param library name of the library, for messages
     */
    record Supported(int oldest, int newest, String library) {
        /** Whether the library runs on devices of this capability. */
        public boolean includes(Capability capability) {
            int both = 10 * capability.major() + capability.minor();
            return capability.minor() < 10 && both >= oldest && both <= newest;
        }

        @Override
        public String toString() {
            return oldest / 10 + "." + oldest % 10 + " to " + newest / 10 + "." + newest % 10;
        }
    }

    /** Those of a process that computes on the CPU. */
    Devices NONE = new Devices() {
        @Override
        public int count() {
            return 0;
        }

        @Override
        public Capability capability(int device) {
            throw new IllegalArgumentException("device " + device);
        }

        @Override
        public Supported supported() {
            throw new IllegalStateException("no devices");
        }

        @Override
        public void use(int device) {
            throw new IllegalArgumentException("device " + device);
        }
    };

    /** Number of devices. */
    int count();

    /** The name and compute capability of device {@code device}. */
    Capability capability(int device);

    /** Bytes of a device's memory that no process holds; as much as can be told if it is not known. */
    default long freeBytes(int device) {
        return Long.MAX_VALUE;
    }

    /** The compute capabilities that can be used. */
    Supported supported();

    /** Makes the calling thread use a device from its next operation on. */
    void use(int device);
}

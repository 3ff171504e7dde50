package io.etastar.tensor;

/** The accelerators that this process sees, numbered from 0 by the native library; none if it computes on the CPU. */
public interface Devices {
    /** The oldest compute capability that the native library holds code for, times ten. */
    int OLDEST = 37;
    /** The newest one: 8.9 runs code for 8.6, 9.0 and later do not, and there is no intermediate code to translate. */
    int NEWEST = 89;

    /**
     * The name and compute capability of a device.
     *
     * @param name as the native library gives it
     * @param major of its compute capability
     * @param minor of its compute capability
     */
    record Capability(String name, int major, int minor) {
        /** Whether the native library holds code for it. */
        public boolean supported() {
            int both = 10 * major + minor;
            return minor < 10 && both >= OLDEST && both <= NEWEST;
        }
    }

    /** Number of devices. */
    int count();

    /** The name and compute capability of a device. */
    Capability capability(int device);

    /** Makes the calling thread use a device from its next operation on. */
    void use(int device);
}

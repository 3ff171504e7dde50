package io.etastar.tensor.nd4j;

import io.etastar.tensor.Devices;
import java.util.Locale;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The devices of ND4J's backend, and the copies that keep host and device memory equal on a GPU. */
final class Nd4jDevices implements Devices {
    static final Nd4jDevices INSTANCE = new Nd4jDevices();

    /** Machine code from 3.7 up to 8.6, which 8.9 runs; 9.0 and later do not, and there is no intermediate code to translate. */
    static final Supported SUPPORTED = new Supported(37, 89, "nd4j-cuda-11.6");

    private final boolean cuda;

    private Nd4jDevices() {
        String name = Nd4j.getBackend().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        cuda = name.contains("cublas") || name.contains("cuda");
    }

    @Override
    public int count() {
        return cuda ? ops().getAvailableDevices() : 0;
    }

    @Override
    public Capability capability(int device) {
        return new Capability(ops().getDeviceName(device), ops().getDeviceMajor(device), ops().getDeviceMinor(device));
    }

    @Override
    public Supported supported() {
        return SUPPORTED;
    }

    @Override
    public void use(int device) {
        Nd4j.getAffinityManager().unsafeSetDevice(device);
    }

    private static NativeOps ops() {
        return NativeOpsHolder.getInstance().getDeviceNativeOps();
    }

    /** Marks the host's copy of arrays as the newest: loops on the host bypass ND4J when they write. */
    void hostIsNewest(INDArray... arrays) {
        if (cuda) {
            for (INDArray array : arrays) {
                Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
            }
        }
    }

    /** Copies the results of an operation back to the host, where loops read them. */
    void toHost(INDArray... arrays) {
        if (cuda) {
            for (INDArray array : arrays) {
                Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
            }
        }
    }
}

package io.etastar.tensor.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.tensor.Backend;
import io.etastar.tensor.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nd4jDevicesTest {
    @ParameterizedTest
    @CsvSource({"3, 5, false", "3, 7, true", "7, 0, true", "8, 6, true", "8, 9, true", "9, 0, false", "12, 0, false"})
    void capabilitiesThatTheLibraryHoldsCodeFor(int major, int minor, boolean supported) {
        Devices.Capability capability = new Devices.Capability("", major, minor);
        assertEquals(supported, Nd4jDevices.SUPPORTED.includes(capability));
    }

    @Test
    void thisIsTheInstalledBackend() {
        assertSame(Nd4jDevices.INSTANCE, Backend.installed().devices());
    }
}

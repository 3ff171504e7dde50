package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
    @ParameterizedTest
    @CsvSource({"7, 0, false", "7, 5, true", "8, 6, true", "9, 0, true", "12, 0, true", "12, 10, false", "13, 0, false"
    })
    void capabilitiesThatCodeIsCompiledFor(int major, int minor, boolean supported) {
        Devices.Capability capability = new Devices.Capability("", major, minor);
        assertEquals(supported, new Devices.Supported(75, 129, "a library").includes(capability));
    }

    @Test
    void aProcessComputesOnTheCpuWhereNothingElseIsSaid() {
        assertEquals("cpu", BackendChoice.INSTALLED.backend().name());
        assertSame(Devices.NONE, Backend.installed().devices());
        assertEquals("cuda", new BackendChoice("cuda", "").backend().name());
    }
}

package io.etastar.spark.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.spark.SparkTestSession;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.DeviceFailure;
import io.etastar.tensor.Devices;
import io.etastar.tensor.cuda.Emulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which device a task takes, and which are refused. */
class DeviceCheckTest {
    private static final Devices.Supported LIBRARY = new Devices.Supported(37, 89, "a library");

    private final List<Integer> used = new ArrayList<>();

    private Devices devices(int major, int minor) {
        return new Devices() {
            @Override
            public int count() {
                return 2;
            }

            @Override
            public Capability capability(int device) {
                return new Capability("a card", major, minor);
            }

            @Override
            public Supported supported() {
                return LIBRARY;
            }

            @Override
            public void use(int device) {
                used.add(device);
            }
        };
    }

    private static Map<String, ResourceInformation> gpu(String... addresses) {
        return Map.of("gpu", new ResourceInformation("gpu", addresses));
    }

    @ParameterizedTest
    @CsvSource({"3, 5, false", "3, 7, true", "7, 0, true", "8, 6, true", "8, 9, true", "9, 0, false", "12, 0, false"})
    void capabilitiesThatTheLibraryHoldsCodeFor(int major, int minor, boolean supported) {
        assertEquals(supported, LIBRARY.includes(new Devices.Capability("", major, minor)));
        if (supported) {
            TaskDevice.bind(devices(major, minor), 1);
            assertEquals(List.of(1), used);
        } else {
            String message = assertThrows(UserError.class, () -> TaskDevice.bind(devices(major, minor), 1))
                    .getMessage();
            assertTrue(message.contains("device 1, a card of compute capability " + major + "." + minor), message);
            assertTrue(message.endsWith("expected 3.7 to 8.9: a library holds no code for others"), message);
            assertEquals(List.of(), used);
        }
    }

    @Test
    void theFirstAddressIsTheTasks() {
        assertEquals(3, TaskDevice.of(gpu("3", "4")));
        assertEquals(TaskDevice.NONE, TaskDevice.of(Map.of()));
        assertEquals(TaskDevice.NONE, TaskDevice.of(gpu()));
        assertEquals(TaskDevice.NONE, TaskDevice.current());
    }

    /** A task without a device computes on the first one, whatever ran on its thread before. */
    @Test
    void aThreadKeepsNoDeviceOfATaskThatRanOnItBefore() {
        Emulator.recover();
        BackendChoice cuda = new BackendChoice("cuda", Emulator.libraries().toString());
        TaskDevice.bind(cuda.backend().devices(), 1);
        assertEquals(1, deviceOf(cuda));
        TaskDevice.bind(cuda);
        assertEquals(0, deviceOf(cuda));
    }

    /** That of programs made on this thread, by what a failure says. */
    private static int deviceOf(BackendChoice choice) {
        Emulator.fail("cuStreamCreate", 2, 0);
        String message = assertThrows(
                        DeviceFailure.class, () -> choice.backend().kernels(DType.FLOAT))
                .getMessage();
        Emulator.assertNoViolations();
        return Integer.parseInt(message.replaceFirst("^device (\\d+): .*", "$1"));
    }

    @Test
    void anAddressThatIsNoNumber() {
        String message = assertThrows(UserError.class, () -> TaskDevice.of(gpu("GPU-3f2c")))
                .getMessage();
        assertTrue(message.contains("found address 'GPU-3f2c', expected the number of a device"), message);
    }

    @Test
    void aDeviceThatIsNotThere() {
        String message = DeviceCheck.problem(devices(8, 0), 2);
        assertTrue(message.contains("found device 2") && message.contains("below 2"), message);
        assertNull(DeviceCheck.problem(devices(8, 0), 1));
    }

    @Test
    void executorsAreLookedAtBeforeTheFirstPass() {
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            DeviceCheck.run(session.context(), BackendChoice.INSTALLED);
            DeviceCheck.run(session.context(), OldCard::new);
            String message = assertThrows(UserError.class, () -> DeviceCheck.run(session.context(), NewCard::new))
                    .getMessage();
            assertTrue(message.contains("found device 0, b card of compute capability 9.0"), message);
        }
    }

    /** One device that is good. */
    private static class OldCard implements Devices {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public Capability capability(int device) {
            return new Capability("a card", 8, 6);
        }

        @Override
        public Supported supported() {
            return LIBRARY;
        }

        @Override
        public void use(int device) {
            throw new IllegalStateException("looking does not bind");
        }
    }

    /** One that is too new. */
    private static final class NewCard extends OldCard {
        @Override
        public Capability capability(int device) {
            return new Capability("b card", 9, 0);
        }
    }
}

package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole programs on the emulated GPU: the rows of the oracle, all ops in both precisions, and golden Hessians. */
class EmulatedProgramsTest {
    /** In a process of its own, which has one backend: its class path names the emulator first. */
    @Test
    void oracleRowsAndGoldenHessiansHold(@TempDir Path folder) throws IOException, InterruptedException {
        Emulator.devices();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Backend.class.getName()), EmulatedBackend.class.getName());
        Process process = DeviceTests.process(
                        folder, "io.etastar.taylor.OracleRowsTest", "io.etastar.taylor.GoldenHessianTest")
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        said.lines().forEach(Emulator::add);
    }
}

package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.etastar.tensor.Backend;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Whole programs on the emulated GPU: the rows of the oracle, all ops in double precision, and golden Hessians. */
class EmulatedProgramsTest {
    private static final String[] TESTS = {"io.etastar.taylor.OracleRowsTest", "io.etastar.taylor.GoldenHessianTest"};

    /** In a process of its own, which has one backend: this one's class path names the emulator first. */
    public static void main(String... classes) {
        assertEquals(EmulatedBackend.class, Backend.installed().getClass());
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classes) {
            request.selectors(selectClass(name));
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        LauncherDiscoveryRequest built = request.build();
        launcher.execute(built, listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 5);
        Emulator.assertNoViolations();
        boolean passed = listener.getSummary().getTotalFailureCount() == 0
                && listener.getSummary().getTestsSucceededCount() > 0;
        System.exit(passed ? 0 : 1);
    }

    @Test
    void oracleRowsAndGoldenHessiansHold(@TempDir Path folder) throws IOException, InterruptedException {
        Emulator.devices();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Backend.class.getName()), EmulatedBackend.class.getName());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(folder + File.pathSeparator + System.getProperty("java.class.path"));
        command.add(EmulatedProgramsTest.class.getName());
        command.addAll(List.of(TESTS));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        said.lines().filter(line -> line.startsWith("emulated ")).forEach(System.out::println);
    }
}

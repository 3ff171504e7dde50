package io.etastar.tensor.cuda;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Test classes in a process of its own, whose class path may begin with another backend's service file or with other sources of kernels.
 *
 * <p>Arguments: a regular expression of method names, then classes. Prints failures and a line {@code tests=N failed=N}, and ends with
 * 0 if all passed. The property {@code etastar.cuda.record} names a file for recorded launches.
 */
public final class DeviceTests {
    private static final int SHOWN = 3;

    private DeviceTests() {}

    public static void main(String... arguments) {
        TestExecutionSummary summary =
                run(Pattern.compile(arguments[0]), List.of(arguments).subList(1, arguments.length));
        summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), SHOWN);
        String forgiven = Emulator.emulated() ? Emulator.control().emulatorViolations() : "";
        System.out.println(forgiven);
        String records = System.getProperty("etastar.cuda.record");
        if (records != null && Emulator.control().emulatorRecord(records) <= 0) {
            throw new IllegalStateException("nothing was recorded in " + records);
        }
        System.out.println(Emulator.line());
        long failed = summary.getTotalFailureCount() + (forgiven.isEmpty() ? 0 : 1);
        System.out.println("tests=" + summary.getTestsSucceededCount() + " failed=" + failed);
        System.exit(failed == 0 && summary.getTestsSucceededCount() > 0 ? 0 : 1);
    }

    private static TestExecutionSummary run(Pattern methods, List<String> classes) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        classes.forEach(name -> request.selectors(selectClass(name)));
        PostDiscoveryFilter named = test -> FilterResult.includedIf(test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source ->
                        methods.matcher(((MethodSource) source).getMethodName()).matches())
                .orElse(true));
        request.filters(named);
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request.build(), listener, new StopAtFirst());
        return listener.getSummary();
    }

    /** Ends the process at the first failure where the property {@code etastar.tests.stop} is set. */
    private static final class StopAtFirst implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (Boolean.getBoolean("etastar.tests.stop") && result.getStatus() == TestExecutionResult.Status.FAILED) {
                System.out.println("failed " + test.getUniqueId() + ": "
                        + result.getThrowable().orElse(null));
                System.out.flush();
                Runtime.getRuntime().halt(1);
            }
        }
    }

    /** A process like this one that runs classes, with {@code first} before all else on its class path. */
    static ProcessBuilder process(Path first, String... classes) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(first + File.pathSeparator + System.getProperty("java.class.path"));
        command.add(DeviceTests.class.getName());
        command.add(".*");
        command.addAll(List.of(classes));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}

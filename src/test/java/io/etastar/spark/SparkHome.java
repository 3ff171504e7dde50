package io.etastar.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A SPARK_HOME made of links to jars of the test class path, and the processes that are started from it. */
final class SparkHome implements AutoCloseable {
    private static final Pattern TEST_JAR =
            Pattern.compile("(junit|jqwik|surefire|opentest4j|apiguardian|maven-).*\\.jar");
    private static final int END_SECONDS = 10;

    /** The quick compiler does all: of JVMs that live for seconds, as executors of a test do, the other one takes half of the time. */
    static final String FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    /** @param sparkJar which jars of the class path belong to Spark; test libraries never do */
    SparkHome(Predicate<Path> sparkJar) throws IOException {
        directory = Files.createTempDirectory("spark-home");
        Files.createDirectory(directory.resolve("jars"));
        Files.createDirectory(directory.resolve("conf"));
        for (Path jar : StandaloneCluster.classPath()
                .filter(path -> path.toString().endsWith(".jar"))
                .toList()) {
            if (sparkJar.test(jar)
                    && !TEST_JAR.matcher(jar.getFileName().toString()).matches()) {
                link(jar);
            }
        }
    }

    /** Adds a jar. */
    void link(Path jar) throws IOException {
        Files.createSymbolicLink(directory.resolve("jars").resolve(jar.getFileName()), jar);
    }

    /** Writes conf/spark-defaults.conf. */
    void defaults(Map<String, String> settings) throws IOException {
        Files.write(
                directory.resolve("conf/spark-defaults.conf"),
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " " + setting.getValue())
                        .sorted()
                        .toList());
    }

    Path directory() {
        return directory;
    }

    /** All that were started, in this order. */
    List<Process> processes() {
        return List.copyOf(processes);
    }

    /** Starts a process with Spark's jars, and conf before them, on its class path. */
    Process start(Map<String, String> environment, String mainClass, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of("-Xmx1g"));
        command.addAll(List.of(
                "-cp", directory.resolve("conf") + File.pathSeparator + directory.resolve("jars/*"), mainClass));
        command.addAll(args);
        return start(environment, command);
    }

    /** Starts a process with Java's arguments; its output goes to a log. */
    Process start(Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(log(processes.size(), "out").toFile())
                .redirectError(log(processes.size(), "err").toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        directory.toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        // Executors inherit it from their worker.
                        "JAVA_TOOL_OPTIONS",
                        FAST_START,
                        "SPARK_LOCAL_DIRS",
                        directory.resolve("local").toString()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Waits for a process to end. */
    Submitted await(Process process) throws IOException {
        try {
            int exitCode = process.waitFor();
            return new Submitted(exitCode, read(process, "out"), read(process, "err"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a process has written so far, to out or err. */
    String read(Process process, String stream) throws IOException {
        return Files.readString(log(processes.indexOf(process), stream));
    }

    private Path log(int number, String stream) {
        return directory.resolve("log-" + number + "." + stream);
    }

    /** All that processes and their executors have written to their logs so far. */
    String allLogs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("log-") || name.equals("stdout") || name.equals("stderr")) {
                    all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all.toString();
    }

    /** Ends the processes and their children, and removes all files. */
    @Override
    public void close() {
        List<ProcessHandle> handles = new ArrayList<>();
        for (Process process : processes) {
            process.descendants().forEach(handles::add);
            handles.add(process.toHandle());
        }
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            awaitEnd(process, TimeUnit.SECONDS.toMillis(END_SECONDS));
        }
        handles.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a process to end, so long at most. */
    static void awaitEnd(Process process, long milliseconds) {
        try {
            process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

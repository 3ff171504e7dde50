package io.etastar.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone cluster of processes on the loopback address: a master and one-core workers, started from a SPARK_HOME
 * made of links to jars of the test class path. Closing it ends the processes that it started and their children.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final Pattern TEST_JAR =
            Pattern.compile("(junit|jqwik|surefire|opentest4j|apiguardian|maven-).*\\.jar");
    private static final int START_SECONDS = 120;

    private final Path home;
    private final List<Process> processes = new ArrayList<>();
    private final int masterPort = freePort();
    private final int pagePort = freePort();
    private final List<Process> workers = new ArrayList<>();
    private final List<Process> stopped = new ArrayList<>();
    private int logs;

    /**
     * What a submitted application did.
     *
     * @param exitCode of the driver's process
     * @param out its standard output
     * @param err its standard error, Spark's log included
     */
    public record Submitted(int exitCode, String out, String err) {}

    private StandaloneCluster(Predicate<Path> sparkJar) throws IOException {
        home = Files.createTempDirectory("standalone-cluster");
        Path jars = Files.createDirectory(home.resolve("jars"));
        for (Path jar :
                classPath().filter(path -> path.toString().endsWith(".jar")).toList()) {
            if (sparkJar.test(jar)
                    && !TEST_JAR.matcher(jar.getFileName().toString()).matches()) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
    }

    /**
     * Starts a master and workers of one core each, and waits until all are registered.
     *
     * @param workers number of workers
     * @param memory of each worker, such as 2g
     * @param sparkJar which jars of the class path belong to the cluster; test libraries never do
     */
    public static StandaloneCluster start(int workers, String memory, Predicate<Path> sparkJar) throws IOException {
        return start(workers, 1, memory, sparkJar, Map.of());
    }

    /**
     * Starts a master and workers.
     *
     * @param workers number of workers
     * @param cores of each worker
     * @param memory of each worker
     * @param sparkJar which jars of the class path belong to the cluster
     * @param settings in conf/spark-defaults.conf of all processes, applications included
     */
    public static StandaloneCluster start(
            int workers, int cores, String memory, Predicate<Path> sparkJar, Map<String, String> settings)
            throws IOException {
        StandaloneCluster cluster = new StandaloneCluster(sparkJar);
        Path defaults = Files.createDirectory(cluster.home.resolve("conf")).resolve("spark-defaults.conf");
        Files.write(
                defaults,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " " + setting.getValue())
                        .sorted()
                        .toList());
        try {
            cluster.startProcesses(workers, cores, memory);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startProcesses(int workers, int cores, String memory) throws IOException {
        processes.add(java(
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", text(masterPort), "--webui-port", text(pagePort))));
        await("\"status\"\\s*:\\s*\"ALIVE\"");
        for (int i = 0; i < workers; i++) {
            this.workers.add(startWorker(cores, memory));
        }
        awaitWorkers();
    }

    /** Each worker is a host of its own: Spark runs no speculative copy on the host of the original. */
    private Process startWorker(int cores, String memory) throws IOException {
        String host = "127.0.0." + (workers.size() + stopped.size() + 1);
        List<String> args = List.of(
                master(),
                "--host",
                host,
                "--webui-port",
                "0",
                "--cores",
                text(cores),
                "--memory",
                memory,
                "--work-dir",
                home.resolve("work-" + logs).toString());
        Process worker = java(host, "org.apache.spark.deploy.worker.Worker", args);
        processes.add(worker);
        return worker;
    }

    private void awaitWorkers() throws IOException {
        await("\"aliveworkers\"\\s*:\\s*" + workers.size() + "\\b");
    }

    /** Starts one more worker and waits until it is registered. */
    public void addWorker(int cores, String memory) throws IOException {
        workers.add(startWorker(cores, memory));
        awaitWorkers();
    }

    /** Stops the oldest worker as an administrator would, by SIGTERM, and waits until the master has noticed. */
    public void stopWorker() throws IOException {
        Process worker = workers.remove(0);
        stopped.add(worker);
        worker.destroy();
        waitFor(worker);
        awaitWorkers();
    }

    /** URL of the master. */
    public String master() {
        return "spark://127.0.0.1:" + masterPort;
    }

    /** The processes: the master, then the workers, for tests that end one. */
    public List<Process> processes() {
        return List.copyOf(processes);
    }

    /**
     * Runs spark-submit in client mode and waits for it.
     *
     * @param mainClass of the application
     * @param jars further jars, sent to executors
     * @param appJar the application's jar
     * @param args of the application
     */
    public Submitted submit(String mainClass, List<String> jars, Path appJar, List<String> args) throws IOException {
        int log = logs;
        Process process = startSubmit(mainClass, jars, appJar, args);
        try {
            int exitCode = process.waitFor();
            return new Submitted(exitCode, read(log, "out"), read(log, "err"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts spark-submit as {@link #submit} does, without waiting for it; ended with the cluster at the latest. */
    public Process startSubmit(String mainClass, List<String> jars, Path appJar, List<String> args) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--master",
                master(),
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                mainClass));
        if (!jars.isEmpty()) {
            all.addAll(List.of("--jars", String.join(",", jars)));
        }
        all.add(appJar.toString());
        all.addAll(args);
        Process process = java("org.apache.spark.deploy.SparkSubmit", all);
        processes.add(process);
        return process;
    }

    /**
     * Packs directories of classes into a jar.
     *
     * @param jar written
     * @param directories such as target/classes
     * @return {@code jar}
     */
    public static Path jar(Path jar, Path... directories) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path directory : directories) {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        out.putNextEntry(new ZipEntry(
                                directory.relativize(file).toString().replace(File.separatorChar, '/')));
                        Files.copy(file, out);
                        out.closeEntry();
                    }
                }
            }
        }
        return jar;
    }

    /** Entries of this JVM's class path. */
    public static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .map(Path::toAbsolutePath)
                .distinct();
    }

    /** All that master, workers, executors and submitted applications have written to their logs so far. */
    public String allLogs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("log-") || name.equals("stdout") || name.equals("stderr")) {
                    all.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all.toString();
    }

    /** Ends the cluster's processes and their children, and removes its files. */
    @Override
    public void close() {
        List<ProcessHandle> handles = new ArrayList<>();
        for (Process process : processes) {
            process.descendants().forEach(handles::add);
            handles.add(process.toHandle());
        }
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            waitFor(process);
        }
        handles.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitFor(Process process) {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process java(String mainClass, List<String> args) throws IOException {
        return java("127.0.0.1", mainClass, args);
    }

    private Process java(String host, String mainClass, List<String> args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of("-Xmx1g", "-cp", home.resolve("jars") + File.separator + "*", mainClass));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(log(logs, "out"))
                .redirectError(log(logs, "err"));
        logs++;
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        home.toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        "SPARK_LOCAL_IP",
                        host,
                        "SPARK_LOCAL_DIRS",
                        home.resolve("local").toString()));
        return builder.start();
    }

    private File log(int number, String stream) {
        return home.resolve("log-" + number + "." + stream).toFile();
    }

    private String read(int log, String stream) throws IOException {
        return Files.readString(log(log, stream).toPath());
    }

    /** Waits until the master's state matches. */
    private void await(String pattern) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pagePort + "/json/"))
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end) {
            try {
                String state = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
                if (Pattern.compile(pattern).matcher(state).find()) {
                    return;
                }
            } catch (IOException e) {
                // The master does not answer yet; whether its process is alive is looked at below.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < processes.size(); i++) {
                if (!processes.get(i).isAlive() && !stopped.contains(processes.get(i))) {
                    throw new IllegalStateException("a process of the cluster ended: " + read(i, "err"));
                }
            }
            waitFor(processes.get(0), 100);
        }
        throw new IllegalStateException(
                "the cluster did not start in " + START_SECONDS + " s: " + read(logs - 1, "err"));
    }

    private static void waitFor(Process process, int milliseconds) {
        try {
            process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}

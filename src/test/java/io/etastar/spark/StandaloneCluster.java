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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A Spark standalone cluster of processes on the loopback address: a master and one-core workers, started from a SPARK_HOME
 * made of links to jars of the test class path. Closing it ends the processes that it started and their children.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final int START_SECONDS = 120;
    private static final int END_MILLISECONDS = 10_000;

    private final SparkHome home;
    private final int masterPort = freePort();
    private final int pagePort = freePort();
    private final List<Process> workers = new ArrayList<>();
    private final List<Process> stopped = new ArrayList<>();

    private StandaloneCluster(Predicate<Path> sparkJar) throws IOException {
        home = new SparkHome(sparkJar);
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
        cluster.home.defaults(settings);
        try {
            cluster.startProcesses(workers, cores, memory);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startProcesses(int workers, int cores, String memory) throws IOException {
        java(
                "127.0.0.1",
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", text(masterPort), "--webui-port", text(pagePort)));
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
                home.directory().resolve("work-" + home.processes().size()).toString());
        return java(host, "org.apache.spark.deploy.worker.Worker", args);
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
        SparkHome.awaitEnd(worker, END_MILLISECONDS);
        awaitWorkers();
    }

    /** Tells the oldest worker that its machine will be taken away, by SIGPWR, and waits until the master knows. */
    public void decommissionWorker() throws IOException {
        Process worker = workers.remove(0);
        stopped.add(worker);
        Process kill = new ProcessBuilder("kill", "-PWR", String.valueOf(worker.pid())).start();
        SparkHome.awaitEnd(kill, END_MILLISECONDS);
        awaitWorkers();
    }

    /** URL of the master. */
    public String master() {
        return "spark://127.0.0.1:" + masterPort;
    }

    /** The processes: the master, then the workers, for tests that end one. */
    public List<Process> processes() {
        return home.processes();
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
        return home.await(startSubmit(mainClass, jars, appJar, args));
    }

    /** Starts spark-submit as {@link #submit} does, without waiting for it; ended with the cluster at the latest. */
    public Process startSubmit(String mainClass, List<String> jars, Path appJar, List<String> args) throws IOException {
        return startSubmitWith(
                mainClass, jars.isEmpty() ? List.of() : List.of("--jars", String.join(",", jars)), appJar, args);
    }

    /** Runs spark-submit as {@link #submit} does, with further options. */
    public Submitted submitWith(String mainClass, List<String> options, Path appJar, List<String> args)
            throws IOException {
        return home.await(startSubmitWith(mainClass, options, appJar, args));
    }

    private Process startSubmitWith(String mainClass, List<String> options, Path appJar, List<String> args)
            throws IOException {
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
        all.addAll(options);
        all.add(appJar.toString());
        all.addAll(args);
        return java("127.0.0.1", "org.apache.spark.deploy.SparkSubmit", all);
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
        return home.allLogs();
    }

    /** Ends the cluster's processes and their children, and removes its files. */
    @Override
    public void close() {
        home.close();
    }

    private Process java(String host, String mainClass, List<String> args) throws IOException {
        return home.start(Map.of("SPARK_LOCAL_IP", host), mainClass, args);
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
            for (Process process : processes()) {
                if (!process.isAlive() && !stopped.contains(process)) {
                    throw new IllegalStateException("a process of the cluster ended: " + home.read(process, "err"));
                }
            }
            SparkHome.awaitEnd(processes().get(0), 100);
        }
        List<Process> all = processes();
        throw new IllegalStateException(
                "the cluster did not start in " + START_SECONDS + " s: " + home.read(all.get(all.size() - 1), "err"));
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

package io.etastar.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.opentest4j.TestAbortedException;

/**
 * YARN and HDFS in a process of their own, and spark-submit to them from a SPARK_HOME whose jars are on every node. Closing it
 * ends all processes.
 */
public final class YarnCluster implements AutoCloseable {
    /** Where the build puts Hadoop's mini cluster and Spark's module for YARN. */
    private static final Path JARS = Path.of("target", "yarn");

    private final SparkHome home;
    private final Configuration configuration = new Configuration();

    private YarnCluster(SparkHome home) {
        this.home = home;
    }

    /**
     * Starts HDFS and YARN and waits until they run. YARN has one GPU to give on each node.
     *
     * @param nodes of YARN
     * @throws TestAbortedException if the build has not downloaded them
     */
    public static YarnCluster start(int nodes) throws IOException {
        jar("hadoop-client-minicluster-");
        SparkHome home = new SparkHome(jar -> true);
        YarnCluster cluster = new YarnCluster(home);
        try {
            home.link(jar("spark-yarn_"));
            cluster.startServer(nodes);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static Path jar(String name) throws IOException {
        if (Files.isDirectory(JARS)) {
            try (Stream<Path> files = Files.list(JARS)) {
                var found = files.filter(file -> file.getFileName().toString().startsWith(name))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get().toAbsolutePath();
                }
            }
        }
        throw new TestAbortedException("SKIPPED: found no " + name + "*.jar in " + JARS.toAbsolutePath()
                + ", which 'mvn -Pcluster -DskipTests verify' puts there");
    }

    private void startServer(int nodes) throws IOException {
        Path conf = home.directory().resolve("conf");
        for (var resources : YarnServer.GPUS.entrySet()) {
            Configuration settings = new Configuration(false);
            resources.getValue().forEach(settings::set);
            try (OutputStream out = Files.newOutputStream(conf.resolve(resources.getKey()))) {
                settings.writeXml(out);
            }
        }
        String classPath = Stream.concat(
                        Stream.of(JARS.toAbsolutePath().resolve("*"), conf), StandaloneCluster.classPath())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Process server = home.start(
                Map.of(),
                List.of(
                        "-Xmx600m",
                        "-Dtest.build.data=" + home.directory().resolve("hdfs"),
                        "-Djava.io.tmpdir="
                                + Files.createDirectory(home.directory().resolve("tmp")),
                        "-cp",
                        classPath,
                        YarnServer.class.getName(),
                        String.valueOf(nodes),
                        conf.toString()));
        ClusterEvents.await("YARN", () -> Files.exists(conf.resolve("core-site.xml")) || !server.isAlive());
        if (!server.isAlive()) {
            throw new IllegalStateException("YARN ended: " + home.read(server, "err"));
        }
        configuration.addResource(
                new org.apache.hadoop.fs.Path(conf.resolve("core-site.xml").toUri()));
        configuration.size();
    }

    /** HDFS, as a prefix of paths: {@code hdfs://HOST:PORT}. */
    public String hdfs() {
        return configuration.get("fs.defaultFS");
    }

    /** Copies a directory of HDFS to this machine. */
    public void download(String from, Path to) throws IOException {
        try (FileSystem files = FileSystem.newInstance(configuration)) {
            files.copyToLocalFile(
                    false, new org.apache.hadoop.fs.Path(from), new org.apache.hadoop.fs.Path(to.toUri()), true);
        }
    }

    /**
     * Runs spark-submit and waits for the application to end.
     *
     * @param deployMode client or cluster
     * @param settings of Spark
     * @param options of spark-submit, before the application's jar
     * @param appJar the application's jar
     * @param args of the application
     */
    public Submitted submit(
            String deployMode, Map<String, String> settings, List<String> options, Path appJar, List<String> args)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", deployMode));
        Map<String, String> conf = new TreeMap<>(Map.of(
                "spark.ui.enabled",
                "false",
                // Every node is this machine.
                "spark.yarn.jars",
                "local:" + home.directory().resolve("jars/*"),
                "spark.executor.memory",
                "600m",
                "spark.driver.memory",
                "800m",
                "spark.executorEnv.OMP_NUM_THREADS",
                "1",
                "spark.driver.extraJavaOptions",
                SparkHome.FAST_START,
                "spark.executor.extraJavaOptions",
                SparkHome.FAST_START,
                "spark.yarn.am.extraJavaOptions",
                SparkHome.FAST_START,
                "spark.yarn.scheduler.heartbeat.interval-ms",
                "200",
                "spark.yarn.maxAppAttempts",
                "1"));
        conf.putAll(settings);
        conf.forEach((name, value) -> all.addAll(List.of("--conf", name + "=" + value)));
        all.addAll(options);
        all.add(appJar.toString());
        all.addAll(args);
        String directory = home.directory().resolve("conf").toString();
        return home.await(home.start(
                Map.of("HADOOP_CONF_DIR", directory, "SPARK_LOCAL_IP", "127.0.0.1"),
                "org.apache.spark.deploy.SparkSubmit",
                all));
    }

    /** Logs of YARN, of drivers in the cluster and of executors. */
    public String allLogs() throws IOException {
        return home.allLogs();
    }

    @Override
    public void close() {
        home.close();
    }
}

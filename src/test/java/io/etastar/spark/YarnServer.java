package io.etastar.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.service.Service;

/**
 * A process: Hadoop's mini cluster, HDFS of one node and YARN of several. It lives until its standard input ends, at the latest
 * with the test's JVM. The mini cluster is on the class path of this process alone, so it is made by reflection.
 */
public final class YarnServer {
    private static final int MEGABYTES = 6144;
    /** The shaded jar lacks the file that says so. */
    private static final Map<String, String> ONE_QUEUE = Map.of(
            "yarn.scheduler.capacity.root.queues", "default",
            "yarn.scheduler.capacity.root.default.capacity", "100",
            "yarn.scheduler.capacity.root.default.maximum-capacity", "100",
            "yarn.scheduler.capacity.root.default.user-limit-factor", "1",
            "yarn.scheduler.capacity.root.default.state", "RUNNING",
            "yarn.scheduler.capacity.root.default.acl_submit_applications", "*",
            "yarn.scheduler.capacity.maximum-am-resource-percent", "1.0",
            "yarn.scheduler.capacity.node-locality-delay", "-1",
            // The default one looks at memory alone.
            "yarn.scheduler.capacity.resource-calculator",
                    "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");

    /** YARN reads which resources there are, and what a node has of them, from these files of the class path. */
    static final Map<String, Map<String, String>> GPUS = Map.of(
            "resource-types.xml", Map.of("yarn.resource-types", "yarn.io/gpu"),
            "node-resources.xml", Map.of("yarn.nodemanager.resource-type.yarn.io/gpu", "1"));

    private YarnServer() {}

    /** @param args number of nodes, and the directory for the cluster's settings, written when it runs */
    public static void main(String[] args) throws IOException {
        try {
            start(Integer.parseInt(args[0]), Path.of(args[1]));
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            e.printStackTrace();
        }
        // Threads of the cluster would keep the process.
        Runtime.getRuntime().halt(1);
    }

    private static void start(int nodes, Path settings) throws ReflectiveOperationException, IOException {
        Configuration conf = new Configuration();
        ONE_QUEUE.forEach(conf::set);
        conf.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", MEGABYTES);
        conf.setInt("yarn.scheduler.minimum-allocation-mb", 128);
        conf.setInt("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", 100);
        // However full this machine's disks are.
        conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100.0");
        startHdfs(conf);
        Service yarn = (Service) Class.forName("org.apache.hadoop.yarn.server.MiniYARNCluster")
                .getConstructor(String.class, int.class, int.class, int.class)
                .newInstance("mini", nodes, 1, 1);
        yarn.init(conf);
        yarn.start();
        write(yarn.getConfig(), settings);
    }

    /** Sets the default file system. */
    private static void startHdfs(Configuration conf) throws ReflectiveOperationException {
        Class<?> type = Class.forName("org.apache.hadoop.hdfs.MiniDFSCluster$Builder");
        Object builder = type.getConstructor(Configuration.class).newInstance(conf);
        builder = type.getMethod("numDataNodes", int.class).invoke(builder, 1);
        Object hdfs = type.getMethod("build").invoke(builder);
        hdfs.getClass().getMethod("waitClusterUp").invoke(hdfs);
    }

    /** The last file is there when all are whole. */
    private static void write(Configuration conf, Path directory) throws IOException {
        // A class of the mini cluster.
        conf.unset("net.topology.node.switch.mapping.impl");
        Path file = directory.resolve("core-site.xml.part");
        try (OutputStream out = Files.newOutputStream(file)) {
            conf.writeXml(out);
        }
        Files.copy(file, directory.resolve("yarn-site.xml"));
        Files.move(file, directory.resolve("core-site.xml"), StandardCopyOption.ATOMIC_MOVE);
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.spark.StandaloneCluster;
import io.etastar.testing.DiskFault;
import io.etastar.testing.FaultyFileSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Training in a JVM of its own that starts fast: classes come from an archive of the first one's (class data sharing), and the
 * quick compiler does all.
 */
final class TrainProcess {
    /** Exit status of a process that was killed. */
    static final int KILLED = 128 + 9;

    private final Path directory;
    private final String conf;
    private final String classPath;
    private final List<String> spark;

    /**
     * @param directory for jar, archive and logs
     * @param conf job file
     * @param spark further settings of Spark, NAME=VALUE
     */
    TrainProcess(Path directory, String conf, String... spark) throws IOException {
        this.directory = directory;
        this.conf = conf;
        this.spark = List.of(spark);
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        Path jar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        // An archive of classes takes no directories.
        classPath = Stream.concat(Stream.of(jar), StandaloneCluster.classPath().filter(Files::isRegularFile))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> command(String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx600m"));
        command.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1", "-Dspark.master=local[1]"));
        spark.forEach(setting -> command.add("-D" + setting));
        FaultyFileSystem.settings().forEach(setting -> command.add("-D" + setting));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", classPath, Train.class.getName(), conf));
        return command;
    }

    /** Trains to the end and leaves the archive of classes behind. */
    void trainUndisturbed(Path output) throws IOException, InterruptedException {
        List<String> command = command("-XX:ArchiveClassesAtExit=" + directory.resolve("classes.jsa"));
        command.addAll(List.of("--output", output.toString()));
        Path log = directory.resolve("undisturbed.log");
        Process process = start(command, log);
        assertEquals(0, process.waitFor(), Files.readString(log));
    }

    /**
     * Starts a process that begins the run in {@code output} or goes on with it.
     *
     * @param fault at which the process ends itself, or null
     */
    Process start(Path output, DiskFault fault, Path log) throws IOException {
        List<String> command = command(
                "-XX:SharedArchiveFile=" + directory.resolve("classes.jsa"),
                "-Xshare:auto",
                "-Xlog:disable",
                fault == null ? "-Xlog:disable" : "-D" + DiskFault.PROPERTY + "=" + fault.property());
        command.addAll(List.of("--output", FaultyFileSystem.path(output)));
        if (Files.exists(output.resolve("config.json"))) {
            command.add("--resume");
        }
        return start(command, log);
    }

    private static Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    /** Whether a process that ended was killed; if not, it must have ended well. */
    static boolean wasKilled(Process process, Path log) throws IOException {
        if (process.exitValue() == KILLED) {
            return true;
        }
        assertEquals(0, process.exitValue(), Files.readString(log));
        return false;
    }
}

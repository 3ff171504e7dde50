package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.RowHash;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StandaloneCluster;
import io.etastar.spark.rows.Preparation;
import io.etastar.tensor.RawArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data larger than the heap train from files and the disk. */
@Tag("cluster")
class LargeDataTest {
    private static final int SHARDS = 50;
    private static final int ROWS = 1000;
    private static final int LENGTH = 3072;
    private static final int HEAP_MEBIBYTES = 480;

    @TempDir
    Path directory;

    /** Random pixels, brighter in class 1. */
    private static Shard shard(int index) {
        Random random = new Random(index);
        float[] features = new float[ROWS * LENGTH];
        float[] targets = new float[ROWS];
        for (int i = 0; i < features.length; i++) {
            targets[i / LENGTH] = i / LENGTH % 2;
            features[i] = (random.nextInt(206) + 50 * (i / LENGTH % 2)) / 255f;
        }
        return new Shard(ROWS, RawArray.of(features), RawArray.of(targets));
    }

    private void prepare() throws IOException {
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            List<Integer> indices = IntStream.range(0, SHARDS).boxed().toList();
            JavaRDD<Shard> shards =
                    session.context().parallelize(indices, SHARDS).map(LargeDataTest::shard);
            RowHash hash = new RowHash(new double[] {0.98, 0, 0.02}, 0);
            new Preparation(
                            "random",
                            RowShape.ofClasses("random", new int[] {3, 32, 32}, 2),
                            new Manifest.Split("hash", RowHash.FUNCTION, 0, hash.shares()))
                    .write(
                            List.of(new Preparation.Input(shards, hash)),
                            directory.resolve("data").toString());
        }
    }

    private Process train(String conf, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx" + HEAP_MEBIBYTES + "m", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1", "-Dspark.master=local[1]"));
        command.add("-Dspark.local.dir=" + directory);
        command.add("-cp");
        command.add(StandaloneCluster.classPath().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.addAll(List.of(
                Train.class.getName(),
                conf,
                "--output",
                directory.resolve("run").toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    @Test
    void anEpochOverMoreThanTheHeapHolds() throws IOException, InterruptedException {
        prepare();
        long numbers = (long) SHARDS * ROWS * LENGTH * Float.BYTES;
        assertTrue(numbers > HEAP_MEBIBYTES * (1L << 20), "the data must be larger than the heap");
        Path conf = Files.writeString(
                directory.resolve("large.conf"),
                "model { layers = [3072, 2], input = [3, 32, 32] }\n"
                        + "data { source = prepared, path = \"" + directory.resolve("data") + "\", partitions = "
                        + SHARDS
                        + " }\noptimizer { name = adam, lr = 0.01 }\n"
                        + "training { epochs = 1, batch = 10000, micro_batch = 250 }\n");
        Path log = directory.resolve("log");
        Process process = train(conf.toString(), log);
        assertEquals(0, process.waitFor(), Files.readString(log));
        String last = Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("result "))
                .findFirst()
                .orElseThrow();
        double accuracy = Double.parseDouble(last.replaceAll(".*test_accuracy=(\\S+).*", "$1"));
        assertTrue(accuracy > 0.9, last);
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in a JVM that somebody started without the module of the Vector API, as an editor or a build tool does. */
class WithoutVectorApiTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    @TempDir
    Path directory;

    private String train(String conf, Path output) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Arrays.stream(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+"))
                .filter(option -> !option.equals(MODULE))
                .forEach(command::add);
        command.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1", "-Dspark.master=local[2]"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-Xmx1g", "-cp", classPath, Train.class.getName(), conf, "--output", output.toString()));
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assertEquals(0, status, Files.readString(log));
        return out;
    }

    /** Nothing set but the precision: loops in double precision are the same in either JVM. */
    @Test
    void modelsInDoublePrecisionHaveTheSameBytes() throws IOException, InterruptedException {
        String conf = JobRun.digits(directory, "training.epochs = 2", "dtype = double");
        Path with = directory.resolve("with");
        Path without = directory.resolve("without");
        JobRun.good(Train::run, conf, "--output", with.toString());
        train(conf, without);
        assertEquals(JobRun.files(with.resolve("model")), JobRun.files(without.resolve("model")));
    }

    @Test
    void modelsInSinglePrecisionTrain() throws IOException, InterruptedException {
        Path conf = Files.writeString(
                directory.resolve("vgg.conf"),
                "model { model = vgg, in_channels = 1, image_size = 8, classes = 10, cfg = [8, M, 16, M] }\n"
                        + "data.source = digits\ntraining { epochs = 3, batch = 100 }\nsummary.batch = 200\n");
        String out = train(conf.toString(), directory.resolve("run"));
        double accuracy = Double.parseDouble(out.replaceAll("(?s).*test_accuracy=([0-9.]+).*", "$1"));
        assertTrue(accuracy > 0.8, out);
    }
}

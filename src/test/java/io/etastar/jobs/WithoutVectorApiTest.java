package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in a JVM that somebody started without the module of the Vector API, as an editor or a build tool does. */
class WithoutVectorApiTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    /** Convolutions, depthwise ones among them, and attention: each has loops of vectors in other JVMs. */
    private static final List<String> MODELS = List.of(
            "vgg, in_channels = 1, image_size = 8, cfg = [8, M, 16, M]",
            "image_generator, in_channels = 1, image_size = 8, width = 6, depth = 1",
            "transformer, features = 8, length = 8, width = 16, depth = 1");

    @TempDir
    Path directory;

    /** What a JVM without the module prints that trains these jobs. */
    private String train(List<String> confs) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        List<String> options =
                List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+"));
        assertTrue(options.contains(MODULE), "Spark's launcher no longer adds the module");
        options.stream().filter(option -> !option.equals(MODULE)).forEach(command::add);
        command.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1", "-Dspark.master=local[2]"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-Xmx1g", "-cp", classPath, WithoutVectorApiMain.class.getName()));
        command.addAll(confs);
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assertEquals(0, status, Files.readString(log));
        return out;
    }

    /** Models in double precision have the same bytes as in a JVM with the module; those in single precision learn. */
    @Test
    void modelsTrainWithNothingSet() throws IOException, InterruptedException {
        List<String> confs = new ArrayList<>();
        confs.add(JobRun.digits(directory, "training.epochs = 2", "dtype = double"));
        for (String model : MODELS) {
            Path conf = directory.resolve(model.split(",")[0] + ".conf");
            Files.writeString(
                    conf,
                    "model { model = " + model + ", classes = 10 }\ndata.source = digits\n"
                            + "training { epochs = 3, batch = 100 }\nsummary.batch = 200\n");
            confs.add(conf.toString());
        }
        String out = train(confs);
        List<Double> accuracies = Stream.of(out.split("\n"))
                .filter(line -> line.startsWith("result "))
                .map(line -> Double.parseDouble(line.replaceAll(".*test_accuracy=([0-9.]+).*", "$1")))
                .toList();
        assertEquals(confs.size(), accuracies.size(), out);
        assertTrue(accuracies.stream().allMatch(accuracy -> accuracy > 0.25), out);
        Path with = directory.resolve("with");
        JobRun.good(Train::run, confs.get(0), "--output", with.toString());
        assertEquals(JobRun.files(with.resolve("model")), JobRun.files(Path.of(confs.get(0) + ".run/model")));
    }
}

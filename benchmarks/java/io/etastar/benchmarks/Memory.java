package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partitions;
import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/** Resident memory of a process that makes one summary after another: float32, canonical partition, random data. */
public final class Memory {
    private Memory() {}

    /** Arguments: MODEL ROWS MICRO_BATCH RUNS. Prints ten lines over the runs, in MB. */
    public static void main(String[] args) throws IOException {
        Backend.installed().useThreads(1);
        String name = args[0];
        int rows = Integer.parseInt(args[1]);
        int runs = Integer.parseInt(args[3]);
        ModelDescription description = Models.of(name);
        Model model = description.build();
        Random random = new Random(1);
        float[] x = new float[rows * Models.features(name)];
        float[] y = new float[rows];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(10);
        }
        Shard data = new Shard(rows, RawArray.of(x), RawArray.of(y));
        int[] all = IntStream.range(0, rows).toArray();
        RawArray theta = RawArray.copyOf(DType.FLOAT, description.initialParameters(1));
        try (Program program = Program.compile(
                model, DType.FLOAT, Integer.parseInt(args[2]), Partitions.parse("canonical", model.layout()))) {
            for (int run = 0; run < runs; run++) {
                program.setParameters(theta);
                program.setDirection(theta);
                program.summary(data, all);
                if (run == 0 || (run + 1) * 10 % runs < 10) {
                    System.out.printf(
                            Locale.ROOT,
                            "run=%d resident_mb=%d peak_mb=%d buffers_mb=%d%n",
                            run + 1,
                            status("VmRSS:"),
                            status("VmHWM:"),
                            program.bytes() >> 20);
                }
            }
        }
    }

    private static long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(key))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElse(-1024)
                >> 10;
    }
}

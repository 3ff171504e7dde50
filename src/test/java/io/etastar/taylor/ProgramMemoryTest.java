package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/**
 * Running a program allocates no native memory.
 *
 * <p>Resident memory also moves with the Java heap, so it is measured over several equal rounds: a leak makes every round
 * grow by as much, the heap does not.
 */
class ProgramMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int ROUNDS = 4;

    static Model model(String json) {
        return new ModelDescription(json.replace('\'', '"')).build();
    }

    static Shard data(int rows, int features, int classes) {
        Random random = new Random(1);
        double[] x = random.doubles(rows * features, -1, 1).toArray();
        double[] y = random.ints(rows, 0, classes).asDoubleStream().toArray();
        return new Shard(rows, RawArray.of(x), RawArray.of(y));
    }

    static Program program(Model model, DType type, int microBatch) {
        Program program = Program.compile(model, type, microBatch, Partitions.parse("canonical", model.layout()));
        program.setParameters(theta(model));
        program.setDirection(theta(model));
        return program;
    }

    private static RawArray theta(Model model) {
        return RawArray.of(
                new Random(2).doubles(model.layout().size(), -0.3, 0.3).toArray());
    }

    /** Growth in the round of {@code runs} runs that grew least. */
    private static long leastGrowth(LongSupplier memory, int runs, Runnable run) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            long before = memory.getAsLong();
            for (int i = 0; i < runs; i++) {
                run.run();
            }
            least = Math.min(least, memory.getAsLong() - before);
        }
        return least;
    }

    @Test
    void tenThousandRunsAllocateNothing() {
        Model model = model("{'model':'lenet','layers':[1,2,3,6,5,4],'image_size':12,'kernel':3,'activation':'elu',"
                + "'loss':'nll'}");
        Shard data = data(4, 144, 4);
        int[] rows = IntStream.range(0, 4).toArray();
        try (Program program = program(model, DType.FLOAT, 4)) {
            program.summary(data, rows);
            long bytes = program.bytes();
            long growth = leastGrowth(Pointer::physicalBytes, 10_000 / ROUNDS, () -> program.summary(data, rows));
            assertEquals(bytes, program.bytes());
            assertTrue(
                    growth < 8 << 20,
                    10_000 / ROUNDS + " runs of a program of " + bytes + " bytes took " + growth + " bytes");
        }
    }

    /**
     * What the Java heap gives to one more micro-batch: far less than any of its buffers. In a JVM of its own, whose loops are
     * compiled for this program alone: where a JVM has seen many, vectors stay objects.
     */
    @Test
    void aMicroBatchAllocatesNoBufferOnTheHeap() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ProgramHeapMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        long bytes = Long.parseLong(output.lines()
                .filter(line -> line.startsWith("bytes "))
                .findFirst()
                .orElseThrow()
                .substring("bytes ".length()));
        assertTrue(bytes < ProgramHeapMain.ENOUGH, "a micro-batch took " + bytes + " bytes of the heap");
    }

    @Test
    void threeHundredSummariesLeaveResidentMemoryAsItIs() {
        assumeTrue(Files.isReadable(STATUS), "no " + STATUS + " to read resident memory from");
        Model model = model("{'model':'lenet','layers':[1,6,16,120,84,10],'image_size':28,'kernel':5,"
                + "'activation':'tanh','loss':'nll'}");
        Shard data = data(8, 784, 10);
        int[] rows = IntStream.range(0, 8).toArray();
        try (Program program = program(model, DType.FLOAT, 8)) {
            for (int i = 0; i < 50; i++) {
                program.summary(data, rows);
            }
            long growth = leastGrowth(ProgramMemoryTest::resident, 300, () -> program.summary(data, rows));
            assertTrue(growth < 20 << 20, "300 summaries took " + growth + " bytes");
        }
    }

    @Test
    void closedProgramsGiveTheirMemoryBack() {
        Model model = model("{'model':'perceptron','layers':[300,400,10],'activation':'tanh','loss':'nll'}");
        Shard data = data(8, 300, 10);
        int[] rows = IntStream.range(0, 8).toArray();
        // Next to nothing on the Java heap, whose growth would count as much as what is looked for.
        RawArray theta = theta(model);
        Partition partition = Partitions.parse("canonical", model.layout());
        Runnable compileAndRun = () -> {
            try (Program program = Program.compile(model, DType.DOUBLE, 8, partition)) {
                program.setParameters(theta);
                program.setDirection(theta);
                program.summary(data, rows);
            }
        };
        compileAndRun.run();
        // Each holds about 5 MB, so that 30 of them would be 150 MB.
        long growth = leastGrowth(Pointer::physicalBytes, 30, compileAndRun);
        assertTrue(growth < 40 << 20, "30 programs left " + growth + " bytes");
    }

    private static long resident() {
        try {
            String line = Files.readAllLines(STATUS).stream()
                    .filter(entry -> entry.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

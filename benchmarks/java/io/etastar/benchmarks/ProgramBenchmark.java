package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of a gradient and of derivative summaries over random rows: float32, canonical partition, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ProgramBenchmark {
    @Param({"784-200-100-10", "784-1024-1024-10", "784-200x10-10", "lenet"})
    public String model;

    @Param({"1000"})
    public int rows;

    private Program gradients;
    private Program summaries;
    private Program ggns;
    private Shard shard;
    private int[] all;

    /** Compiles both programs and makes random data. */
    @Setup
    public void compile() {
        Random random = new Random(1);
        ModelDescription description = Models.of(model);
        Model graph = description.build();
        float[] x = new float[rows * Models.features(model)];
        float[] y = new float[rows];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(10);
        }
        shard = new Shard(rows, RawArray.of(x), RawArray.of(y));
        all = IntStream.range(0, rows).toArray();
        double[] theta = description.initialParameters(1);
        gradients = Program.compile(graph, DType.FLOAT, 0, null);
        summaries = Program.compile(graph, DType.FLOAT, 0, Partitions.parse("canonical", graph.layout()));
        ggns = Program.compile(
                graph, DType.FLOAT, 0, Partitions.parse("canonical", graph.layout()), Curvature.GGN);
        gradients.setParameters(RawArray.copyOf(DType.FLOAT, theta));
        summaries.setParameters(RawArray.copyOf(DType.FLOAT, theta));
        ggns.setParameters(RawArray.copyOf(DType.FLOAT, theta));
        RawArray direction = gradients.gradient(shard, all).gradient();
        summaries.setDirection(direction);
        ggns.setDirection(direction);
    }

    /** Frees the buffers. */
    @TearDown
    public void close() {
        gradients.close();
        summaries.close();
        ggns.close();
    }

    /** Loss and gradient. */
    @Benchmark
    public GradientSum gradient() {
        return gradients.gradient(shard, all);
    }

    /** Loss, g, H and order3. */
    @Benchmark
    public DerivativeSummary summary() {
        return summaries.summary(shard, all);
    }

    /** The same with the Gauss-Newton matrix. */
    @Benchmark
    public DerivativeSummary ggn() {
        return ggns.summary(shard, all);
    }
}

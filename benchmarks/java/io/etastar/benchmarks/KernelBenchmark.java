package io.etastar.benchmarks;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of a convolution's value and of both adjoints: float32, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
    /** N, C, M, side of images, side of kernels, padding: layers of LeNet and of VGG. */
    @Param({
        "100 3 6 32 5 0",
        "100 6 16 14 5 0",
        "50 3 64 32 3 1",
        "50 64 128 16 3 1",
        "50 256 256 8 3 1",
        "50 512 512 4 3 1"
    })
    public String layer;

    private Kernels kernels;
    private Kernel value;
    private Kernel imageAdjoint;
    private Kernel weightAdjoint;

    /** Binds the kernels. */
    @Setup(Level.Trial)
    public void bind() {
        String[] g = layer.split(" ");
        int n = Integer.parseInt(g[0]);
        int inputs = Integer.parseInt(g[1]);
        int outputs = Integer.parseInt(g[2]);
        int side = Integer.parseInt(g[3]);
        int kernel = Integer.parseInt(g[4]);
        int padding = Integer.parseInt(g[5]);
        Window window = new Window(
                new int[] {kernel, kernel}, new int[] {1, 1}, new int[] {padding, padding}, new int[] {1, 1}, false);
        int out = window.outputSide(0, side);
        kernels = Backend.installed().kernels(DType.FLOAT);
        Tensor images = kernels.allocate(n, inputs, side, side);
        Tensor weight = kernels.allocateLeaf(outputs, inputs, kernel, kernel);
        Tensor adjoint = kernels.allocate(n, outputs, out, out);
        images.fill(0, images.length(), 0.5);
        adjoint.fill(0, adjoint.length(), 0.5);
        value = kernels.convolution(images, weight, kernels.allocate(adjoint.shape()), window);
        imageAdjoint = kernels.convolutionImageAdjoint(adjoint, weight, kernels.allocate(images.shape()), window);
        weightAdjoint = kernels.convolutionWeightAdjoint(images, adjoint, kernels.allocate(weight.shape()), window);
    }

    /** Frees the buffers. */
    @TearDown
    public void close() {
        kernels.close();
    }

    /** The convolution. */
    @Benchmark
    public void value() {
        value.run();
    }

    /** Its adjoint with respect to the images. */
    @Benchmark
    public void imageAdjoint() {
        imageAdjoint.run();
    }

    /** Its adjoint with respect to the weight. */
    @Benchmark
    public void weightAdjoint() {
        weightAdjoint.run();
    }
}

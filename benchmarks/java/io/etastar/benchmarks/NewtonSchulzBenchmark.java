package io.etastar.benchmarks;

import io.etastar.solve.NewtonSchulz;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/** Time that Muon's direction takes for one matrix: five Newton-Schulz iterations in double precision, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class NewtonSchulzBenchmark {
    private static final int ITERATIONS = 5;

    /** Rows and columns: layers of small tables' networks, of LeNet and of perceptrons. */
    @Param({"24 64", "64 64", "100 200", "84 120", "100 784", "200 784", "256 1152", "512 512"})
    public String shape;

    private int rows;
    private int columns;
    private double[] matrix;
    private double[] result;
    private NewtonSchulz iteration;

    /** Draws the matrix. */
    @Setup(Level.Trial)
    public void draw() {
        String[] sides = shape.split(" ");
        rows = Integer.parseInt(sides[0]);
        columns = Integer.parseInt(sides[1]);
        matrix = new Random(1).doubles((long) rows * columns, -1, 1).toArray();
        result = matrix.clone();
        iteration = new NewtonSchulz(ITERATIONS);
    }

    /** The direction. */
    @Benchmark
    public double[] orthogonal() {
        System.arraycopy(matrix, 0, result, 0, matrix.length);
        iteration.orthogonalize(result, 0, rows, columns);
        return result;
    }
}

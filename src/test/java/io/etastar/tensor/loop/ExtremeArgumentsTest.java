package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of arguments so large that a careless formula overflows, or so far below 0 that it cancels. */
class ExtremeArgumentsTest {
    private static double[] run(
            DType type, double[] in, java.util.function.BiFunction<Kernels, Tensor[], Kernel> maker) {
        try (Kernels kernels = Backend.installed().kernels(type)) {
            Tensor from = kernels.allocate(2, in.length / 2);
            Tensor to = kernels.allocate(2, in.length / 2);
            from.write(RawArray.of(in));
            maker.apply(kernels, new Tensor[] {from, to}).run();
            return to.toDoubles();
        }
    }

    private static void close(DType type, double[] expected, double[] found) {
        double rounding = type == DType.FLOAT ? 1e-6 : 1e-15;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], rounding * Math.abs(expected[i]), type + " element " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void softplus(DType type) {
        double[] x = {-60, -20, 0, 1, 60, 2000};
        double[] expected = {Math.exp(-60), Math.log1p(Math.exp(-20)), Math.log(2), Math.log1p(Math.E), 60, 2000};
        close(type, expected, run(type, x, (kernels, t) -> kernels.map(Kernels.Unary.SOFTPLUS, t[0], t[1])));
    }

    @ParameterizedTest
    @EnumSource
    void logSoftmax(DType type) {
        double[] z = {1000, 0, -1000, 3, 3, 3};
        double third = -Math.log(3);
        double[] expected = {0, -1000, -2000, third, third, third};
        close(type, expected, run(type, z, (kernels, t) -> kernels.logSoftmax(t[0], t[1])));
    }
}

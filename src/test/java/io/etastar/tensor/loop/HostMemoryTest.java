package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies between host memory and Java arrays of either precision. */
class HostMemoryTest {
    private static final double THIRD = 1.0 / 3;

    private static Tensor tensor(DType type, int length) {
        return new Tensor(HostMemory.of(type, ByteBuffer.allocateDirect(length * type.bytes())), 0, length);
    }

    private static double rounded(DType type, double value) {
        return type == DType.FLOAT ? (float) value : value;
    }

    @ParameterizedTest
    @EnumSource
    void arraysOfBothPrecisionsReachAnyTensor(DType type) {
        Tensor part = tensor(type, 1200).part(100, 1000);
        double[] values = new double[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * THIRD;
        }
        part.write(0, values, 1000);
        double[] doubles = new double[1000];
        float[] floats = new float[1001];
        part.read(0, doubles, 1000);
        part.read(0, floats, 1, 1000);
        for (int i = 0; i < values.length; i++) {
            assertEquals(rounded(type, values[i]), doubles[i]);
            assertEquals((float) values[i], floats[i + 1]);
        }
        part.write(0, new float[] {9, (float) THIRD, 2}, 1, 2);
        assertEquals((float) THIRD, part.get(0));
        assertEquals(2, part.get(1));
        assertEquals(rounded(type, values[2]), part.get(2));
    }

    @ParameterizedTest
    @EnumSource
    void sumsAreTakenInTheTargetsPrecision(DType type) {
        Tensor tensor = tensor(type, 2);
        tensor.write(RawArray.of(new double[] {THIRD, 2}));
        for (DType target : DType.values()) {
            RawArray sums = RawArray.copyOf(target, new double[] {5, 1, 1});
            tensor.addTo(sums, 0, 1, 2);
            double first = rounded(target, 1 + rounded(type, THIRD));
            assertArrayEquals(new double[] {5, first, 3}, sums.toDoubles(), 1e-7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aViewStaysInsideItsTensor(DType type) {
        Tensor tensor = tensor(type, 6).view(2, 3);
        assertArrayEquals(new int[] {1, 3}, tensor.rows(1, 2).shape());
        assertEquals(3, tensor.rows(1, 2).offset());
        assertThrows(IllegalArgumentException.class, () -> tensor.view(7));
        assertThrows(IllegalArgumentException.class, () -> tensor.part(4, 3));
    }

    @ParameterizedTest
    @EnumSource
    void onlyALeafCountsItsWrites(DType type) {
        Tensor tensor = tensor(type, 1);
        tensor.write(RawArray.of(new double[] {1}));
        assertEquals(-1, tensor.storage().version());
        tensor.storage().markLeaf();
        long before = tensor.storage().version();
        tensor.write(RawArray.of(new double[] {2}));
        assertEquals(before + 1, tensor.storage().version());
    }
}

package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies of more elements than go at once. */
class CudaMemoryTest {
    /** More than 2^25 elements, in rows that a piece's end falls into. */
    private static final int ROWS = 34;

    private static final int WIDTH = 1_000_003;

    @Test
    void piecesAreAllOfTheElementsInOrder() {
        List<String> pieces = new ArrayList<>();
        CudaMemory.forEachPiece(7, 3, (done, count) -> pieces.add(done + "+" + count));
        CudaMemory.forEachPiece(0, 3, (done, count) -> pieces.add("none"));
        CudaMemory.forEachPiece(6, 3, (done, count) -> pieces.add(done + "+" + count));
        assertEquals(List.of("0+3", "3+3", "6+1", "0+3", "3+3"), pieces);
        List<Integer> largest = new ArrayList<>();
        CudaMemory.forEachPiece(Integer.MAX_VALUE, 1 << 30, (done, count) -> largest.add(count));
        assertEquals(List.of(1 << 30, (1 << 30) - 1), largest);
    }

    @Test
    void manyElementsAreWrittenAndReadInPieces() {
        float[] values = new float[ROWS * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % WIDTH % 1000 + 1000 * (i / WIDTH);
        }
        int[] rows = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = ROWS - 1 - i;
        }
        Emulator.recover();
        try (Kernels kernels = new CudaKernels(Emulator.devices().get(0), DType.FLOAT)) {
            Tensor tensor = kernels.allocate(ROWS, WIDTH);
            tensor.write(RawArray.of(values));
            float[] read = new float[values.length];
            tensor.read(0, read, 0, read.length);
            assertArrayEquals(values, read);
            tensor.writeRows(RawArray.of(values), rows, WIDTH);
            tensor.read(0, read, 0, read.length);
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    assertEquals(values[rows[i] * WIDTH + j], read[i * WIDTH + j]);
                }
            }
        }
        Emulator.assertNoViolations();
    }
}

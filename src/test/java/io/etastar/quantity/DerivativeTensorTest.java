package io.etastar.quantity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DerivativeTensorTest {
    private static final SymmetricIndices INDICES = new SymmetricIndices(3, 3);

    private static DerivativeTensor tensor(double factor) {
        double[] entries = IntStream.range(0, INDICES.count())
                .mapToDouble(i -> factor * (i + 1))
                .toArray();
        return new DerivativeTensor(2 * factor, 5 * factor, INDICES, entries);
    }

    @Test
    void anyOrderOfTheSubsetsNamesTheSameEntry() {
        DerivativeTensor tensor = tensor(1);
        int[] asked = {2, 0, 1};
        assertEquals(1 + INDICES.rank(0, 1, 2), tensor.get(asked));
        assertArrayEquals(new int[] {2, 0, 1}, asked);
        assertEquals(tensor.get(1, 2, 2), tensor.get(2, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> tensor.get(0, 1));
        assertThrows(IllegalArgumentException.class, () -> tensor.get(0, 1, 3));
    }

    @Test
    void mergingAddsAndTheZeroIsNeutral() {
        DerivativeTensor sum = DerivativeTensor.zero(INDICES).merge(tensor(1)).merge(tensor(2));
        assertEquals(6, sum.samples());
        assertEquals(15, sum.loss());
        assertArrayEquals(tensor(3).entries(), sum.entries());
        DerivativeTensor mean = sum.mean();
        assertEquals(1, mean.samples());
        assertEquals(2.5, mean.loss());
        assertEquals(0.5, mean.get(0, 0, 0));
        DerivativeTensor other = DerivativeTensor.zero(new SymmetricIndices(3, 2));
        assertThrows(IllegalArgumentException.class, () -> sum.merge(other));
    }

    @Test
    void itTravels() throws IOException, ClassNotFoundException {
        DerivativeTensor tensor = tensor(1);
        tensor.indices();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(tensor);
        DerivativeTensor copy =
                (DerivativeTensor) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertArrayEquals(tensor.entries(), copy.entries());
        assertEquals(tensor.get(2, 1, 0), copy.get(0, 1, 2));
    }

    @Test
    void taylorTermsAddUpAndMakeAPolynomial() {
        TaylorTerms terms = new TaylorTerms(2, new double[] {1, 2, 6, 12});
        assertEquals(1 + 2 * 0.5 + 3 * 0.25 + 2 * 0.125, terms.at(0.5), 1e-15);
        TaylorTerms sum = terms.merge(new TaylorTerms(2, new double[] {3, 2, 2, 0}));
        assertArrayEquals(new double[] {4, 4, 8, 12}, sum.derivatives());
        assertArrayEquals(new double[] {1, 1, 2, 3}, sum.mean().derivatives());
        assertEquals(1, sum.mean().samples());
        assertThrows(IllegalArgumentException.class, () -> sum.merge(new TaylorTerms(1, new double[2])));
    }
}

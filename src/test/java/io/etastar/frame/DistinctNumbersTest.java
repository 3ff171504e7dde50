package io.etastar.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DistinctNumbersTest {
    private static DistinctNumbers of(long from, long to) {
        DistinctNumbers numbers = new DistinctNumbers();
        LongStream.range(from, to).forEach(numbers::add);
        return numbers;
    }

    @Test
    void partsOfAnIndexAreLikeRowsAndStaySmall() throws IOException {
        DistinctNumbers all = new DistinctNumbers();
        for (int part = 0; part < 30; part++) {
            all.add(of(part * 10_000L, (part + 1) * 10_000L));
        }
        assertTrue(all.likeRows());
        assertEquals(bytes(of(0, 100_000)), bytes(all));
        all.add(of(5, 6));
        assertFalse(all.likeRows(), "5 for the second time");
    }

    @Test
    void numbersThatRepeatOrHaveFractionsAreNot() {
        DistinctNumbers repeated = of(0, 100);
        repeated.add(3);
        assertFalse(repeated.likeRows());
        DistinctNumbers real = of(0, 100);
        real.add(0.5);
        assertFalse(real.likeRows());
        assertFalse(of(0, 5).likeRows(), "too few to tell");
    }

    @Test
    void fewNumbersFarApartAreNot() {
        DistinctNumbers spread = new DistinctNumbers();
        LongStream.range(0, 100).forEach(i -> spread.add(1000 * i));
        assertFalse(spread.likeRows());
    }

    private static int bytes(DistinctNumbers numbers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
            objects.writeObject(numbers);
        }
        return out.size();
    }
}

package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelMomentsTest {
    private static final int[] SHAPE = {3, 2, 1};

    @Test
    void momentsOfPartsAddUp() {
        Random random = new Random(3);
        float[] values = new float[6 * 40];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (1 + i / 2 % 3) + 100 * (i / 2 % 3));
        }
        ChannelMoments sum = ChannelMoments.of(RawArray.of(new float[0]), SHAPE);
        int from = 0;
        for (int rows : new int[] {1, 0, 17, 22}) {
            sum = sum.plus(ChannelMoments.of(RawArray.of(Arrays.copyOfRange(values, from, from + 6 * rows)), SHAPE));
            from += 6 * rows;
        }
        assertEquals(values.length, from);
        Standardisation expected = Standardisation.of(RawArray.of(values), SHAPE);
        assertArrayEquals(expected.mean(), sum.standardisation().mean(), 1e-12);
        assertArrayEquals(expected.deviation(), sum.standardisation().deviation(), 1e-12);
    }

    @Test
    void aConstantChannelHasDeviationOne() {
        ChannelMoments one = ChannelMoments.of(RawArray.of(new float[] {0.1f, 0.1f, 0.1f}), new int[] {1});
        assertEquals(1, one.plus(one).standardisation().deviation()[0]);
    }
}

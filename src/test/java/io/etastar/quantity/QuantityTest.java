package io.etastar.quantity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantityTest {
    private static final Partition WHOLE =
            Partitions.parse("trivial", new ParameterLayout(List.of("x"), List.of(new int[] {2})));
    private static final List<Quantity<?>> ALL = List.of(
            new Quantity.Loss(),
            new Quantity.Losses(0, 0.5),
            new Quantity.Gradient(),
            new Quantity.Summary(WHOLE),
            new Quantity.HessianVector(),
            new Quantity.Factors(true),
            new Quantity.Derivatives(WHOLE, 3),
            new Quantity.Terms(4),
            new Quantity.Outputs(),
            new Quantity.Means(List.of("m")));

    @Test
    void theListOfThisTestHasAllQuantities() {
        assertEquals(Quantity.class.getPermittedSubclasses().length, ALL.size());
    }

    @Test
    void aVisitorIsAskedAboutWhatItHasNoMethodFor() {
        List<Quantity<?>> asked = new ArrayList<>();
        Quantity.Visitor visitor = new Quantity.Visitor() {
            @Override
            public <T extends Sum<T>> T other(Quantity<T> quantity) {
                asked.add(quantity);
                return null;
            }

            @Override
            public LossSum loss(Quantity.Loss quantity) {
                return LossSum.ZERO;
            }
        };
        for (Quantity<?> quantity : ALL) {
            Object answer = quantity.accept(visitor);
            assertSame(quantity instanceof Quantity.Loss ? LossSum.ZERO : null, answer);
        }
        assertEquals(ALL.subList(1, ALL.size()), asked);
    }

    @Test
    void quantitiesInSubsetsRatesNameTheirPartition() {
        assertSame(WHOLE, ALL.get(3).partition());
        assertSame(WHOLE, ALL.get(6).partition());
        assertNull(ALL.get(7).partition());
    }

    @Test
    void outputsOfTwoSetsOfRowsStandOneAfterTheOther() {
        Quantity.Outputs.Rows first = new Quantity.Outputs.Rows(RawArray.of(new float[] {1, 2}));
        Quantity.Outputs.Rows both = first.merge(new Quantity.Outputs.Rows(RawArray.of(new float[] {3})));
        assertArrayEquals(new float[] {1, 2, 3}, both.values().floats());
    }

    @Test
    void aPointInAnotherFormHasADirectionIfTheFirstHad() {
        assertEquals(new Point<>("1", "2", 3L), new Point<>(1, 2, 3L).map(String::valueOf));
        assertEquals(Point.at("1").withSeed(4L), Point.at(1).withSeed(4L).map(String::valueOf));
    }
}

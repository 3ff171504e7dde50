package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderedSumTest {
    private static final OrderedSum.Merge<String> JOIN = (left, right) -> "(" + left + right + ")";
    private static final OrderedSum.Merge<Float> ADD = Float::sum;

    @Test
    void associationIsABinaryTreeOverTheIndices() {
        assertEquals("0", inOrder(1));
        assertEquals("(01)", inOrder(2));
        assertEquals("((01)2)", inOrder(3));
        assertEquals("(((01)(23))((45)6))", inOrder(7));
    }

    private static String inOrder(int leaves) {
        OrderedSum<String> sum = new OrderedSum<>(leaves);
        for (int i = 0; i < leaves; i++) {
            sum.add(i, Integer.toString(i), JOIN);
        }
        return sum.result();
    }

    @Property(seed = "1", tries = 400)
    void anyOrderAndGroupingGiveTheSameBits(@ForAll @IntRange(min = 1, max = 40) int leaves, @ForAll long seed) {
        Random random = new Random(seed);
        Float[] terms = new Float[leaves];
        for (int i = 0; i < leaves; i++) {
            terms[i] = random.nextInt(8) == 0 ? null : (float) (random.nextGaussian() * Math.exp(random.nextInt(20)));
        }
        assertEquals(pairwise(terms), shuffled(terms, random));
    }

    @Test
    void everyCountOfLeaves() {
        for (int leaves = 1; leaves <= 40; leaves++) {
            Random random = new Random(leaves);
            Float[] terms = new Float[leaves];
            for (int i = 0; i < leaves; i++) {
                terms[i] = random.nextFloat() - 0.5f;
            }
            assertEquals(pairwise(terms), shuffled(terms, random), leaves + " leaves");
        }
    }

    /** The definition: neighbours are added level by level. */
    private static Float pairwise(Float[] terms) {
        Float[] level = terms;
        while (level.length > 1) {
            Float[] next = new Float[(level.length + 1) / 2];
            for (int i = 0; i < next.length; i++) {
                Float left = level[2 * i];
                Float right = 2 * i + 1 < level.length ? level[2 * i + 1] : null;
                next[i] = left == null ? right : right == null ? left : Float.valueOf(left + right);
            }
            level = next;
        }
        return level[0];
    }

    /** Single leaves in random order, merged two random groups at a time. */
    private static Float shuffled(Float[] terms, Random random) {
        List<OrderedSum<Float>> groups = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            groups.add(new OrderedSum<Float>(terms.length).add(i, terms[i], ADD));
        }
        while (groups.size() > 1) {
            Collections.shuffle(groups, random);
            OrderedSum<Float> moved = groups.remove(groups.size() - 1);
            groups.get(random.nextInt(groups.size())).addAll(moved, ADD);
        }
        return groups.get(0).result();
    }

    @Test
    void aSumOfNothingIsNothing() {
        OrderedSum<Float> sum = new OrderedSum<>(3);
        sum.add(2, null, ADD).add(0, null, ADD).add(1, null, ADD);
        assertNull(sum.result());
    }

    @Test
    void missingRepeatedAndUnknownTermsAreErrors() {
        OrderedSum<Float> sum = new OrderedSum<>(3);
        sum.add(0, 1f, ADD);
        assertThrows(IllegalStateException.class, sum::result);
        assertThrows(IllegalStateException.class, () -> sum.add(0, 1f, ADD));
        assertThrows(IllegalArgumentException.class, () -> sum.add(3, 1f, ADD));
        assertThrows(IllegalArgumentException.class, () -> sum.addAll(new OrderedSum<>(4), ADD));
        assertThrows(IllegalArgumentException.class, () -> new OrderedSum<Float>(0));
    }

    @Test
    void arraysMayBeMergedInPlace() {
        OrderedSum.Merge<float[]> inPlace = (left, right) -> {
            left[0] += right[0];
            return left;
        };
        OrderedSum<float[]> sum = new OrderedSum<>(5);
        for (int i : new int[] {4, 2, 0, 3, 1}) {
            sum.add(i, new float[] {1 << i}, inPlace);
        }
        assertArrayEquals(new float[] {31}, sum.result());
    }
}

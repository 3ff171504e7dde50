package io.etastar.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {
    private static final ParameterLayout MLP =
            layout("a.weight", "a.bias", "b.weight", "b.bias", "c.weight", "c.bias", "d.weight", "d.bias");

    private static ParameterLayout layout(String... names) {
        return new ParameterLayout(
                List.of(names),
                IntStream.range(0, names.length)
                        .mapToObj(i -> new int[] {i + 1})
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "canonical|[[a.weight], [a.bias], [b.weight], [b.bias], [c.weight], [c.bias], [d.weight], [d.bias]]",
                "trivial|[[a.weight, a.bias, b.weight, b.bias, c.weight, c.bias, d.weight, d.bias]]",
                "wb|[[a.weight, b.weight, c.weight, d.weight], [a.bias, b.bias, c.bias, d.bias]]",
                "blocks-1|[[a.weight, b.weight, c.weight, d.weight], [a.bias, b.bias, c.bias, d.bias]]",
                "blocks-2|[[a.weight, b.weight], [a.bias, b.bias], [c.weight, d.weight], [c.bias, d.bias]]",
                "blocks-3|[[a.weight, b.weight], [a.bias], [c.weight], [b.bias, c.bias], [d.weight], [d.bias]]",
                "blocks-8|[[a.weight], [a.bias], [b.weight], [b.bias], [c.weight], [c.bias], [d.weight], [d.bias]]",
                "alternate-1|[[a.weight, b.weight, c.weight, d.weight], [a.bias, b.bias, c.bias, d.bias]]",
                "alternate-2|[[a.weight, c.weight], [b.weight, d.weight], [a.bias, c.bias], [b.bias, d.bias]]",
                "alternate-3|[[a.weight, d.weight], [b.weight], [c.weight], [a.bias, d.bias], [b.bias], [c.bias]]",
                "names:bias|[[a.bias, b.bias, c.bias, d.bias], [a.weight, b.weight, c.weight, d.weight]]",
                "names:b.bias,bias|[[b.bias], [a.bias, c.bias, d.bias], [a.weight, b.weight, c.weight, d.weight]]",
                "names:weight,bias|[[a.weight, b.weight, c.weight, d.weight], [a.bias, b.bias, c.bias, d.bias]]",
            })
    void splitsAPerceptron(String spec, String groups) {
        assertEquals(groups, Partitions.parse(spec, MLP).groups().toString());
    }

    @Test
    void tensorsThatAreNeitherFormALastSubset() {
        ParameterLayout odd = layout("scale", "a.weight", "overweight", "bias");
        List<List<String>> expected = List.of(List.of("a.weight"), List.of("bias"), List.of("scale", "overweight"));
        assertEquals(expected, Partitions.parse("wb", odd).groups());
        assertEquals(expected, Partitions.parse("alternate-3", odd).groups());
    }

    @Test
    void kindsAreToldByNameAndAxes() {
        List<String> names = List.of(
                "stem.weight", "bn.weight", "bn.bias", "conv.weight", "conv.bias", "fc.weight", "fc.bias", "positions");
        List<int[]> shapes = List.of(
                new int[] {4, 3, 3, 3},
                new int[] {4},
                new int[] {4},
                new int[] {4, 4, 1, 1},
                new int[] {4},
                new int[] {4, 2},
                new int[] {2},
                new int[] {5, 4});
        assertEquals(
                "[[stem.weight, conv.weight], [bn.weight], [bn.bias], [conv.bias, fc.bias], [fc.weight], [positions]]",
                Partitions.parse("kinds", new ParameterLayout(names, shapes))
                        .groups()
                        .toString());
    }

    @Property(seed = "1", tries = 100)
    void everyFormCoversEveryTensorOnce(
            @ForAll @IntRange(min = 1, max = 12) int layers, @ForAll @IntRange(min = 1, max = 12) int k) {
        String[] names = IntStream.range(0, 2 * layers)
                .mapToObj(i -> "layers." + i / 2 + (i % 2 == 0 ? ".weight" : ".bias"))
                .toArray(String[]::new);
        int blocks = Math.min(k, 2 * layers);
        for (String spec : List.of("canonical", "trivial", "wb", "blocks-" + blocks, "alternate-" + blocks)) {
            Partition partition = Partitions.parse(spec, layout(names));
            long held =
                    partition.groups().stream().flatMap(List::stream).distinct().count();
            assertEquals(names.length, held, spec);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Canonical",
                "",
                "block-2",
                "blocks-",
                "blocks-0",
                "blocks-9",
                "blocks--1",
                "blocks-1.5",
                "blocks-99999999999",
                "alternate-0",
                "alternate-x",
                "names:",
                "names:bia",
                "names:bias,",
                "names:gamma,bias",
                " wb"
            })
    void refusesWhatItDoesNotKnow(String spec) {
        UserError error = assertThrows(UserError.class, () -> Partitions.parse(spec, MLP));
        assertTrue(error.getMessage().startsWith("partition: found '" + spec + "'"), error.getMessage());
        assertTrue(error.getMessage().contains("expected"), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void blocksNeedWeightsAndBiases() {
        assertThrows(UserError.class, () -> Partitions.parse("blocks-1", layout("xeven", "a.weight")));
    }

    @Test
    void customLists() {
        Partition partition = Partitions.of(List.of(List.of("y"), List.of("x", "z")), layout("x", "y", "z"));
        assertEquals(2, partition.size());
        assertEquals(1, partition.subsetOf(0));
        assertEquals(0, partition.subsetOf(1));
        assertThrows(UserError.class, () -> Partitions.of(List.of(List.of("x")), layout("x", "y")));
        assertThrows(UserError.class, () -> Partitions.of(List.of(List.of("x"), List.of("x")), layout("x")));
        assertThrows(UserError.class, () -> Partitions.of(List.of(List.of("x", "w")), layout("x")));
        assertThrows(UserError.class, () -> Partitions.of(List.of(List.of("x"), List.of()), layout("x")));
    }
}

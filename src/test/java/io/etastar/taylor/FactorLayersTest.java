package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layers of large models have factors, and what holds of every layer's. */
class FactorLayersTest {
    private static GoldenCase read(String name) throws IOException {
        Path models = GoldenCase.root().resolveSibling("golden-models");
        return GoldenCase.at(models.resolve(name));
    }

    private static KroneckerFactors factors(GoldenCase golden, int microBatch, Shard data, int... rows) {
        try (FactorProgram program =
                FactorProgram.compile(golden.model, DType.DOUBLE, microBatch, data.rows(), false)) {
            program.setParameters(golden.parameters);
            return program.factors(data, rows);
        }
    }

    /** Names of the parameters that are no part of a layer with factors. */
    private static List<String> others(GoldenCase golden, KroneckerFactors factors) {
        List<String> names = new ArrayList<>(golden.model.layout().names());
        for (KroneckerFactors.Layer layer : factors.layers()) {
            assertTrue(names.remove(golden.model.layout().name(layer.weight())));
            if (layer.bias() >= 0) {
                assertTrue(names.remove(golden.model.layout().name(layer.bias())));
            }
        }
        return names;
    }

    @Test
    void normsEmbeddingsAndDepthwiseConvolutionsHaveNone() throws IOException {
        GoldenCase vgg = read("vgg-batch-norm");
        assertEquals(
                List.of(
                        "features.1.weight",
                        "features.1.bias",
                        "features.5.weight",
                        "features.5.bias",
                        "features.8.weight",
                        "features.8.bias"),
                others(vgg, factors(vgg, 0, vgg.data, vgg.rows())));
        GoldenCase transformer = read("transformer-tokens");
        List<String> found = others(transformer, factors(transformer, 0, transformer.data, transformer.rows()));
        assertEquals(8, found.size());
        assertTrue(found.containsAll(List.of("embedding.weight", "position.weight", "norm.bias")), "" + found);
        GoldenCase generator = read("image-generator");
        assertTrue(others(generator, factors(generator, 0, generator.data, generator.rows())).stream()
                .allMatch(name -> name.contains(".depthwise.")));
        GoldenCase residual = read("resnet18");
        KroneckerFactors factors = factors(residual, 0, residual.data, residual.rows());
        assertEquals(21, factors.layers().size());
        assertTrue(others(residual, factors).stream()
                .allMatch(name -> name.contains("bn") || name.contains("downsample.1")));
    }

    /** The last entry of A counts; and for one sample and one position S (x) A is the square of the gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"transformer-tokens", "transformer-dense", "image-generator", "vgg-batch-norm"})
    void onesAreCountedAndSinglePositionsGiveTheGradientsSquare(String name) throws IOException {
        GoldenCase golden = read(name);
        Shard data = new Shard(golden.data.rows(), golden.data.features(), golden.data.targets());
        KroneckerFactors one = factors(golden, 1, data, 1);
        double[] gradient;
        try (Program program = Program.compile(golden.model, DType.DOUBLE, 1, null)) {
            program.setParameters(golden.parameters);
            GradientSum sum = program.gradient(data, new int[] {1});
            gradient = sum.gradient().toDoubles();
        }
        int single = 0;
        for (int i = 0; i < one.layers().size(); i++) {
            KroneckerFactors.Layer layer = one.layers().get(i);
            double[] a = one.a(i).toDoubles();
            assertEquals(layer.positions(), a[a.length - 1], 1e-12);
            if (layer.positions() == 1) {
                int weight = golden.model.layout().offset(layer.weight());
                double g = gradient[weight + layer.outputs() + 1];
                assertEquals(g * g, a[2] * one.s(i).get(2), 1e-12 * Math.max(1e-3, g * g));
                single++;
            }
        }
        assertTrue(single > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformer-tokens", "transformer-dense"})
    void weightsOfSamplesHoldForAllTheirPositions(String name) throws IOException {
        GoldenCase golden = read(name);
        int rows = golden.data.rows();
        double[] weights = IntStream.range(0, rows).mapToDouble(i -> i % 3).toArray();
        Shard plain = new Shard(rows, golden.data.features(), golden.data.targets());
        Shard weighted = new Shard(rows, golden.data.features(), golden.data.targets(), weights);
        int[] repeated = IntStream.range(0, rows)
                .flatMap(i -> IntStream.range(0, i % 3).map(k -> i))
                .toArray();
        KroneckerFactors expected = factors(golden, 2, plain, repeated);
        KroneckerFactors found = factors(golden, 3, weighted, golden.rows());
        assertEquals(repeated.length, found.samples());
        for (int i = 0; i < found.layers().size(); i++) {
            close(expected.meanA(i), found.meanA(i));
            close(expected.meanS(i), found.meanS(i));
        }
    }

    private static void close(double[] expected, double... found) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, 1e-11 * largest);
    }
}

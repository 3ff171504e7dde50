package io.etastar.ml.perceptron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partitions;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MLlib's weights and the trained form are the same function. */
class PerceptronWeightsTest {
    private static final int ROWS = 20;

    private static int[] layers(String text) {
        return Arrays.stream(text.split("-")).mapToInt(Integer::parseInt).toArray();
    }

    private static double[] random(Random random, int length, double spread, double centre) {
        return random.doubles(length)
                .map(value -> centre + spread * (value - 0.5))
                .toArray();
    }

    private static PerceptronWeights form(Random random, int... layers) {
        double[] mean = random(random, layers[0], 10, 3);
        double[] deviation = random(random, layers[0], 4, 3);
        return new PerceptronWeights(layers, new Standardisation(mean, deviation));
    }

    /** Logits [ROWS, classes] of the engine, in double precision. */
    private static double[] engine(int[] layers, double[] theta, double[] rows) {
        Model model = new ModelDescription(
                        "{\"model\": \"perceptron\", \"activation\": \"tanh\", \"loss\": \"nll\", \"layers\": "
                                + Arrays.toString(layers) + "}")
                .build();
        Shard shard = new Shard(ROWS, RawArray.of(rows), RawArray.of(new double[ROWS]));
        try (Program program =
                Program.compile(model, DType.DOUBLE, ROWS, Partitions.parse("trivial", model.layout()))) {
            program.setParameters(RawArray.of(theta));
            return program.outputs(shard, IntStream.range(0, ROWS).toArray()).toDoubles();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3-2", "5-7-3", "4-6-5-3", "3-4-2-5-2"})
    void mllibsModelComputesWhatWasTrained(String text) {
        int[] layers = layers(text);
        Random random = new Random(7);
        PerceptronWeights form = form(random, layers);
        double[] trained = random(random, PerceptronWeights.count(layers), 4, 0);
        double[] rows = random(random, ROWS * layers[0], 30, 3);
        double[] standardised = rows.clone();
        form.features().applyInPlace(RawArray.of(standardised));
        double[] expected = engine(layers, trained, standardised);

        MultilayerPerceptronClassificationModel mllib = new MultilayerPerceptronClassifier("mlpc")
                .copyValues(
                        new MultilayerPerceptronClassificationModel("mlpc", Vectors.dense(form.mllib(trained))),
                        new org.apache.spark.ml.param.ParamMap());
        mllib.set(mllib.layers(), layers);
        double[] actual = IntStream.range(0, ROWS)
                .mapToObj(row -> Arrays.copyOfRange(rows, row * layers[0], (row + 1) * layers[0]))
                .flatMapToDouble(row ->
                        Arrays.stream(mllib.predictRaw(Vectors.dense(row)).toArray()))
                .toArray();
        assertArrayEquals(expected, actual, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3-2", "4-6-5-3"})
    void thereAndBackAreTheSameWeights(String text) {
        int[] layers = layers(text);
        Random random = new Random(8);
        PerceptronWeights form = form(random, layers);
        double[] weights = random(random, PerceptronWeights.count(layers), 4, 0);
        assertArrayEquals(weights, form.mllib(form.trained(weights)), 1e-13);
        assertArrayEquals(weights, form.trained(form.mllib(weights)), 1e-13);
        assertEquals(weights.length, form.trained(weights).length);
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.quantity.MeanSums;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The means over rows that a model takes, and predictions with stored ones. */
class BatchMeansTest {
    private static final String VGG = "{\"model\":\"vgg\",\"cfg\":[3,\"M\",4],\"batch_norm\":true,\"in_channels\":2,"
            + "\"image_size\":4,\"classes\":3,\"activation\":\"tanh\",\"loss\":\"nll\"}";
    private static final Map<String, Model> MODELS = TestGraphs.all();
    private static final int ROWS = 9;

    @Test
    void batchNormHasAMeanAndAVarianceAroundIt() {
        List<BatchMeans.Mean> means = BatchMeans.of(new ModelDescription(VGG).build());
        assertEquals(
                List.of(
                        "features.1.running_mean",
                        "features.1.running_var",
                        "features.5.running_mean",
                        "features.5.running_var"),
                means.stream().map(BatchMeans.Mean::name).toList());
        assertEquals(
                List.of(-1, 0, -1, 2),
                means.stream().map(BatchMeans.Mean::centre).toList());
        assertArrayEquals(new int[] {1, 4, 1, 1}, means.get(2).shape());
    }

    @Test
    void graphsOfTheirOwnHaveThemToo() {
        assertEquals(List.of(-1, 0), centres("batch normalisation"));
        assertEquals(List.of(-1, 0), centres("batch normalisation of images").subList(0, 2));
        assertEquals(List.of(-1, -1), centres("moments over the batch"));
    }

    private static List<Integer> centres(String name) {
        return BatchMeans.of(MODELS.get(name)).stream()
                .map(BatchMeans.Mean::centre)
                .toList();
    }

    @Test
    void modelsWithoutMeansOverRowsHaveNone() {
        for (String name : List.of("attention", "layer_norm of images", "batchnorm", "sum over the batch")) {
            assertEquals(List.of(), BatchMeans.of(MODELS.get(name)), name);
        }
    }

    @Test
    void meansOfMicroBatchesAreSummed() {
        ModelDescription training = new ModelDescription(VGG);
        MeanSums whole = means(training, ROWS, "features.1.running_mean");
        MeanSums parts = means(training, 2, "features.1.running_mean");
        assertEquals(ROWS, parts.rows());
        assertArrayEquals(whole.values(), parts.values(), 1e-12);
        double[] squares = whole.values().clone();
        for (int i = 0; i < squares.length; i++) {
            squares[i] *= squares[i] / ROWS;
        }
        assertArrayEquals(squares, whole.squares(), 1e-12);
    }

    @Test
    void withTheStatisticsOfTheRowsOutputsAreThoseOfTraining() {
        ModelDescription training = new ModelDescription(VGG);
        List<Statistic> statistics = new ArrayList<>();
        for (BatchMeans.Mean mean : BatchMeans.of(training.build())) {
            double[] values = means(training, ROWS, mean.name()).values();
            statistics.add(new Statistic(
                    mean.name(),
                    mean.shape(),
                    Arrays.stream(values).map(value -> value / ROWS).toArray()));
        }
        ModelDescription stored = training.withStatistics(statistics);
        assertTrue(Program.mixesRows(training.build()));
        assertFalse(Program.mixesRows(stored.build()));
        assertEquals(List.of(), BatchMeans.of(stored.build()));
        assertEquals(training.json(), stored.withStatistics(List.of()).json());
        assertEquals(training.build().layout().names(), stored.build().layout().names());
        double[] expected = outputs(training, ROWS);
        assertArrayEquals(expected, outputs(stored, ROWS), 1e-12);
        assertArrayEquals(expected, outputs(stored, 2), 1e-12);
    }

    private static double[] outputs(ModelDescription description, int microBatch) {
        try (Program program = program(description, microBatch)) {
            return program.outputs(rows(), IntStream.range(0, ROWS).toArray()).toDoubles();
        }
    }

    private static MeanSums means(ModelDescription description, int microBatch, String... names) {
        try (Program program = program(description, microBatch)) {
            return program.means(rows(), IntStream.range(0, ROWS).toArray(), List.of(names));
        }
    }

    private static Program program(ModelDescription description, int microBatch) {
        Program program = Program.compile(description.build(DType.DOUBLE), DType.DOUBLE, microBatch, null);
        program.setParameters(RawArray.of(description.initialParameters(4)));
        return program;
    }

    private static Shard rows() {
        double[] features = new Random(2).doubles(ROWS * 32, -1, 2).toArray();
        return new Shard(ROWS, RawArray.of(features), RawArray.zeros(DType.DOUBLE, ROWS));
    }
}

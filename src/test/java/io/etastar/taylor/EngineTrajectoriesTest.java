package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.GoldenTrajectory;
import io.etastar.testing.LocalObjective;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whole runs on the engine against reference runs made by nested automatic differentiation. */
class EngineTrajectoriesTest {
    @ParameterizedTest
    @FieldSource("io.etastar.testing.GoldenTrajectory#NAMES")
    void lossesRatesAndParametersAgree(String name) {
        GoldenTrajectory golden = new GoldenTrajectory(name);
        Model model = new ModelDescription(golden.run().toString()).build(DType.DOUBLE);
        Map<String, NpzFile.Array> arrays = golden.batches();
        try (LocalObjective objective =
                new LocalObjective(model, batches(arrays, "x", "y"), batches(arrays, "hg_x", "hg_y"))) {
            golden.follow(objective);
        }
    }

    private static LocalObjective.Batches batches(Map<String, NpzFile.Array> arrays, String features, String labels) {
        NpzFile.Array x = arrays.get(features);
        int rows = x.shape()[1];
        RawArray y = RawArray.of(arrays.get(labels).values());
        return new LocalObjective.Batches(new Shard(x.shape()[0] * rows, RawArray.of(x.values()), y), rows);
    }
}

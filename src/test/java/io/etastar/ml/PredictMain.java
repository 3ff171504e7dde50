package io.etastar.ml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Row;

/** Loads a pipeline and writes its raw predictions for the test digits: arguments PIPELINE and FILE. */
public final class PredictMain {
    private PredictMain() {}

    /** Runs in a process of its own. */
    public static void main(String[] args) throws Exception {
        try (Frames frames = new Frames()) {
            Files.writeString(Path.of(args[1]), predictions(PipelineModel.load(args[0]), frames));
        }
    }

    static String predictions(PipelineModel model, Frames frames) {
        List<Row> rows = model.transform(frames.testDigits())
                .select("rawPrediction", "prediction")
                .collectAsList();
        return rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
    }
}

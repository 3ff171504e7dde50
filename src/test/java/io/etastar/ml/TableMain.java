package io.etastar.ml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Loads a model of a table and writes its probabilities for the rows of a Parquet file: arguments MODEL, ROWS and FILE. */
public final class TableMain {
    private TableMain() {}

    /** Runs in a process of its own. */
    public static void main(String[] args) throws Exception {
        try (SparkSession session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            Dataset<Row> rows = session.read().parquet(args[1]);
            Files.writeString(Path.of(args[2]), probabilities(NeuralNetworkClassificationModel.load(args[0]), rows));
        }
    }

    static String probabilities(NeuralNetworkClassificationModel model, Dataset<Row> rows) {
        return model.transform(rows).select("probability").collectAsList().stream()
                .map(Row::toString)
                .collect(Collectors.joining("\n"));
    }
}

package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.table.TableEncoder;
import io.etastar.testing.PythonProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** python/etastar/table.py encodes rows as the engine does. */
class PythonTableTest {
    private static final String PROGRAM = """
            import datetime, json, sys
            sys.path.insert(0, %s)
            import numpy, pandas
            from etastar.table import TableEncoder
            nan = float("nan")
            encoder = TableEncoder(%s)
            rows = {
                "y": ["a", "b", "c", "d"],
                "x": [1700000001.25, nan, 1700000000.5, 1699999999.0],
                "skewed": [1.5, -4.0, 1000.0, 10.0],
                "day": [datetime.date(2022, 1, 8), None, datetime.date(1970, 1, 4), datetime.date(1968, 11, 27)],
                "moment": pandas.to_datetime(["2022-01-08 06:00", "1970-01-01 12:00", None, "1969-12-28 06:00"]),
                "pair": [[1, 2], [nan, 1], [0, 9], [5, 0.5]],
                "job": ["clerk", "nürse", None, "pilot"],
                "city": ["Rome", None, "nowhere", "x"],
            }
            print(encoder.numbers, encoder.embeddings, encoder.class_names)
            spelled = dict(rows, day=["2022-01-08", None, "1970-01-04T00:00:00+00:00", "1968-11-27 00:00:00"])
            for table in (rows, pandas.DataFrame(rows), dict(rows, day=[19000, nan, 3, -400]), spelled,
                          pandas.DataFrame(rows).convert_dtypes()):
                for row in encoder.encode(table):
                    print(*row)
            def refused(encoder, rows):
                try:
                    encoder.encode(rows)
                    print("taken")
                except ValueError as error:
                    print(error)
            refused(encoder, {name: rows[name] for name in rows if name != "city"})
            refused(encoder, dict(rows, x=["old", 1, 2, 3]))
            refused(encoder, dict(rows, day=["soon", None, None, None]))
            refused(encoder, dict(rows, pair=[[1], None, None, None]))
            refused(encoder, dict(rows, pair=[7, None, None, None]))
            refused(encoder, dict(rows, skewed=[float("inf"), 1, 2, 3]))
            model = json.load(open(%s))
            model["table"]["invalid"] = "ERROR"
            refused(TableEncoder(model), rows)
            model["table"]["columns"] = [dict(model["table"]["columns"][6], name="kind", values=["1", "2.0"])]
            print(*TableEncoder(model).encode({"kind": [1.0, 2]})[:, 0].astype(int))
            """;

    @TempDir
    Path directory;

    @Test
    void inputsAreThoseOfTheEngine() throws IOException, InterruptedException {
        PythonProgram python = PythonProgram.with("numpy", "pandas");
        int width = OnnxColumnsTest.TABLE.width();
        StoredModel network = Networks.stored(
                "{\"model\":\"perceptron\",\"activation\":\"tanh\",\"loss\":\"nll\",\"classes\":3,\"layers\":[" + width
                        + ",3]}",
                false);
        ModelDirectory.write(
                directory.toString(),
                new StoredModel(
                        network.description(),
                        network.layout(),
                        network.theta(),
                        null,
                        null,
                        3,
                        OnnxColumnsTest.TABLE));
        List<String> lines = python.run(
                directory,
                String.format(
                        Locale.ROOT,
                        PROGRAM,
                        "'" + Path.of("python").toAbsolutePath() + "'",
                        "'" + directory + "'",
                        "'" + directory + "/model/model.json'"));
        assertEquals(OnnxColumnsTest.TABLE.numbers() + " [5, 5] None", lines.get(0));
        int rows = OnnxColumnsTest.ROWS.length;
        for (int i = 0; i < 5 * rows; i++) {
            double[] expected = new double[width];
            assertNull(new TableEncoder(OnnxColumnsTest.TABLE).encode(OnnxColumnsTest.ROWS[i % rows], expected));
            double[] found = Arrays.stream(lines.get(1 + i).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(expected, found, 1e-5, "row " + i % rows);
        }
        assertEquals(
                List.of(
                        "column 'city': found none of that name",
                        "column 'x': found 'old', expected a number",
                        "column 'day': found 'soon', expected a date or time",
                        "column 'pair': found 1 elements, expected 2",
                        "column 'pair': found 7, expected 2 numbers",
                        "column 'skewed': found an infinite number, expected finite ones",
                        "column 'x', row 1: found a missing or unknown value, which the model does not keep",
                        "0 1"),
                lines.subList(1 + 5 * rows, lines.size()));
    }
}

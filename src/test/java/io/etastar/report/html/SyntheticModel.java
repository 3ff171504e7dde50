package io.etastar.report.html;

import io.etastar.partition.ParameterLayout;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.table.ClassValues;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.Scale;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Models of runs on tables, written by the writer of real ones. */
final class SyntheticModel {
    static final List<ColumnEncoding> COLUMNS = List.of(
            new ColumnEncoding("age", Kind.NUMBER, List.of(Scale.linear(44.196652, 5.4459)), true, List.of(), 0),
            new ColumnEncoding(
                    "<b>sex", Kind.CATEGORY, List.of(Scale.IDENTITY, Scale.IDENTITY), false, List.of("f", "m"), 0),
            new ColumnEncoding("town", Kind.CATEGORY, List.of(), true, towns(30), 0),
            new ColumnEncoding("street", Kind.CATEGORY, List.of(), false, List.of(), 1000),
            new ColumnEncoding(
                    "since",
                    Kind.DATE,
                    IntStream.range(0, 5)
                            .mapToObj(i -> Scale.linear(16496.5, 100))
                            .toList(),
                    false,
                    List.of(),
                    0),
            new ColumnEncoding(
                    "pixels",
                    Kind.VECTOR,
                    IntStream.range(0, 64).mapToObj(i -> Scale.IDENTITY).toList(),
                    false,
                    List.of(),
                    0));

    private SyntheticModel() {}

    private static List<String> towns(int count) {
        return IntStream.range(0, count).mapToObj(i -> "town " + (10 + i)).toList();
    }

    /** As many columns of numbers. */
    static List<ColumnEncoding> numbers(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new ColumnEncoding("x" + i, Kind.NUMBER, List.of(Scale.linear(i, 1)), false, List.of(), 0))
                .toList();
    }

    /** Writes the model of a run on these columns with classes of these names. */
    static void write(Path run, List<ColumnEncoding> columns, List<String> classes) {
        ParameterLayout layout = new ParameterLayout(List.of("layers.0.weight"), List.of(new int[] {1, 1}));
        StoredModel model = new StoredModel(
                "{}",
                layout,
                RawArray.of(new float[1]),
                null,
                null,
                classes.size(),
                new TableEncoding(columns, TableEncoding.Invalid.KEEP));
        ModelDirectory.write(run.toString(), model.with(ClassValues.named(classes)));
    }
}

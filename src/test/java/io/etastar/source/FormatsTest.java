package io.etastar.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.frame.FrameColumns;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.spark.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
    private static final DataSettings.Columns NO_COLUMNS = new DataSettings.Columns(List.of(), null, null, List.of());

    @TempDir
    Path directory;

    private Configuration job(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("a.conf"), text);
        return Configuration.load(file.toString(), List.of());
    }

    @Test
    void jobFilesTakeTheNamesOfTheTable() {
        String message = assertThrows(UserError.class, () -> job("data.source = nothing"))
                .getMessage();
        String names = message.replaceFirst("^.* expected one of ", "");
        assertEquals(new TreeSet<>(Formats.names()), new TreeSet<>(Arrays.asList(names.split(", "))));
        assertTrue(Formats.names().containsAll(Formats.toPrepare()));
    }

    @Test
    void jobFilesKnowWhichFormatsHaveColumns() {
        for (String name : Formats.names()) {
            String message = assertThrows(
                            UserError.class,
                            () -> job("model.layers = [4, 2]\ndata { source = " + name
                                    + ", path = p, label = y, test_share = 0.5, targets = features }"))
                    .getMessage();
            boolean refused = message.contains("has no columns") || message.contains("is embedded");
            assertEquals(!Formats.hasColumns(name), refused, message);
        }
    }

    @Test
    void embeddedRowsNeedNoSpark() throws IOException {
        Rows test = Formats.open(job("model.layers = [64, 10]\ndata.test_share = 0.2"), false, null, () -> null);
        assertEquals(300, test.count());
        List<Rows> parts = Formats.open(
                new Formats.PrepareRequest(
                        "digits",
                        null,
                        null,
                        1,
                        FrameColumns.FOUND,
                        NO_COLUMNS,
                        new Formats.How(DataSettings.Csv.DEFAULT, DataSettings.Reader.NONE, "auto")),
                () -> null);
        assertEquals(List.of(1500, 297), parts.stream().map(Rows::count).toList());
    }

    @Test
    void dataOfTwoJobsAreOpenedOnce() throws IOException {
        JobData data = new JobData(() -> null);
        String model = "model.layers = [64, 10]\n";
        JobData.Sets first = data.of(job(model));
        assertEquals(first, data.of(job(model + "training.epochs = 2")));
        assertEquals(first.measure(1), first.train().measure(1));
        assertTrue(first != data.of(job(model + "seed = 5")), "embedded rows are split by the seed");
    }
}

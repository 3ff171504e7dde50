package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of ops in docs/operations.md against those that there are. */
class OperationsTableTest {
    /** Ops that only appear as parts of others. */
    private static final Set<String> PARTS = Set.of("place", "dropout_mask", "huber");

    @Test
    void theTableNamesEveryOpAndNoOther() throws IOException {
        Set<String> expected = new TreeSet<>(RuleRegistry.names());
        expected.addAll(Composites.names());
        expected.addAll(ShapeComposites.names());
        expected.removeAll(PARTS);
        Set<String> found = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| family")) {
                Matcher names = Pattern.compile("`([A-Za-z_0-9]+)`").matcher(line);
                while (names.find()) {
                    found.add(names.group(1));
                }
            }
        }
        assertEquals(expected, found);
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/ops.md} lists the ops that the engine takes, each once. */
class OpsTableTest {
    /** Parts of other ops that no graph holds by itself. */
    private static final Set<String> PARTS = Set.of("place", "dropout_mask");

    private static final Pattern FIRST_COLUMN = Pattern.compile("^\\| (`[^|]*`) \\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]*)`");

    private static List<String> listed() throws IOException {
        return FIRST_COLUMN
                .matcher(Files.readString(Path.of("docs/ops.md")))
                .results()
                .map(row -> row.group(1))
                .flatMap(cell -> {
                    Matcher names = NAME.matcher(cell);
                    return names.results().map(name -> name.group(1)).toList().stream();
                })
                .toList();
    }

    @Test
    void theTableIsTheRegistry() throws IOException {
        Set<String> ops = new TreeSet<>(BuiltInOps.own().names());
        ops.removeAll(PARTS);
        Set<String> missing = new TreeSet<>(ops);
        listed().forEach(missing::remove);
        assertEquals(Set.of(), missing, "ops with a rule that docs/ops.md lacks");
        Set<String> unknown = new TreeSet<>(listed());
        unknown.removeAll(ops);
        assertEquals(Set.of(), unknown, "ops of docs/ops.md without a rule");
    }

    @Test
    void noOpIsListedTwice() throws IOException {
        assertEquals(Set.copyOf(listed()).size(), listed().size());
    }
}

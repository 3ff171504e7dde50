package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages that docs/troubleshooting.md explains are still those of the program. */
class TroubleshootingTest {
    private static final Path PAGE = Path.of("docs", "troubleshooting.md");

    /** A row that begins with a message in backticks, with nothing else in its cell but words behind it. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)`[^|]*\\|");

    /** Between two literals in Java: the end of one and the start of the next, added to each other. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void everyQuotedMessageIsInTheSources() throws IOException {
        String sources = sources();
        List<String> missing = new ArrayList<>();
        int messages = 0;
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            messages++;
            for (String words : row.group(1).split("\\.\\.\\.")) {
                if (!sources.contains(words.strip())) {
                    missing.add("'" + words.strip() + "' of '" + row.group(1) + "'");
                }
            }
        }
        assertTrue(messages >= 40, messages + " messages");
        assertTrue(
                missing.isEmpty(),
                PAGE + " quotes words that are no longer in src/main/java or jobs; bring the page up to date: "
                        + missing);
    }

    @Test
    void aMessageThatIsNowhereIsNoticed() throws IOException {
        assertTrue(!sources().contains("found a thing that no source speaks of"));
        assertTrue(sources().contains("expected a known key; the nearest is"), "joined over two lines of Java");
    }

    /** All sources, with Java's literals joined where they are added to each other. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path root : List.of(Path.of("src", "main", "java"), Path.of("jobs"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    all.append(Files.readString(file)).append('\n');
                }
            }
        }
        return JOINT.matcher(all).replaceAll("");
    }
}

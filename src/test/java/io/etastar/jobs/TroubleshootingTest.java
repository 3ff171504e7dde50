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

    /** A mistake's parts as the text that {@link io.etastar.UserError} makes of them, in Java. */
    private static String assembled(String source) {
        StringBuilder text = new StringBuilder(source);
        Matcher call = Pattern.compile("new UserError\\(\\s*UserError\\.Subject\\.(\\w+)\\(")
                .matcher(source);
        while (call.find()) {
            List<String> subject = arguments(source, call.end());
            int end = call.end() + String.join(",", subject).length() + 1;
            List<String> parts = arguments(source, end);
            String name = subject.get(subject.size() - 1).strip();
            String before = subject.size() == 2 ? subject.get(0).strip() + " + \": " + call.group(1) + " '\" + " : "";
            String about = call.group(1).equals("column") ? "\"column '\" + " + name + " + \"'\"" : before + name;
            text.append(about).append(" + \": found \" + ").append(parts.get(1).strip());
            text.append(" + \", expected \" + ").append(parts.get(2).strip()).append(";\n");
        }
        return text.toString();
    }

    /** Arguments from there to the bracket that closes. */
    private static List<String> arguments(String source, int from) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = from;
        for (int i = from; ; i++) {
            char c = source.charAt(i);
            quoted ^= c == '"' && source.charAt(i - 1) != '\\';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0 || depth == 0 && !quoted && c == ',') {
                arguments.add(source.substring(start, i));
                start = i + 1;
            }
            if (depth < 0) {
                return arguments;
            }
        }
    }

    /** All sources, with Java's literals joined where they are added to each other. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path root : List.of(Path.of("src", "main", "java"), Path.of("jobs"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    all.append(assembled(Files.readString(file))).append('\n');
                }
            }
        }
        return JOINT.matcher(all).replaceAll("");
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between pages, notebooks and files of the repository lead somewhere, headings included. */
class DocumentationLinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Blocks and spans of code, in which brackets mean other things. */
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|^    .*?$|`[^`\n]*`");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(CODE.matcher(text(page)).replaceAll("code"));
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*")) {
                    links++;
                    check(page, link.group(1), broken);
                }
            }
        }
        assertTrue(links > 100, links + " links");
        assertEquals(List.of(), broken);
    }

    @Test
    void theIndexHasEveryPage() throws IOException {
        String index = Files.readString(Path.of("docs", "README.md"));
        for (Path page : pages()) {
            String name = page.getFileName().toString();
            if (page.startsWith("docs") && !name.equals("README.md")) {
                assertTrue(index.contains("(" + name + ")"), "docs/README.md has no link to " + name);
            }
        }
    }

    private static void check(Path page, String link, List<String> broken) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            broken.add(page + ": " + link + ": no such file");
        } else if (parts.length == 2
                && target.toString().endsWith(".md")
                && !anchors(target).contains(parts[1])) {
            broken.add(page + ": " + link + ": no such heading");
        }
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
                .toList();
    }

    private static String text(Path page) throws IOException {
        if (page.toString().endsWith(".md")) {
            return Files.readString(page);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode cell : new ObjectMapper().readTree(page.toFile()).path("cells")) {
            if (cell.path("cell_type").asText().equals("markdown")) {
                cell.path("source").forEach(line -> text.append(line.asText()));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String directory : List.of("", "docs", "notebooks", "benchmarks")) {
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                pages.addAll(files.filter(file -> file.toString().matches(".*\\.(md|ipynb)"))
                        .map(Path::normalize)
                        .sorted()
                        .toList());
            }
        }
        return pages;
    }
}

package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final Pattern RAW =
            Pattern.compile("(<(?:script|style)[^>]*>)(.*?)(</(?:script|style)>)", Pattern.DOTALL);

    @TempDir
    Path directory;

    private static String read(String page) throws IOException {
        return Files.readString(Path.of(page));
    }

    /** The page's elements, without the contents of scripts and styles. */
    private static Document elements(String page) throws Exception {
        String frame = RAW.matcher(page).replaceAll("$1$3");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(frame)));
    }

    @Test
    void thePageIsWellFormedAndLoadsNothing() throws Exception {
        Path run = SyntheticRun.write(directory.resolve("a & <b>"), 100, 4, true);
        String page = read(RunReport.write(List.of(run.toString()), null));
        Document document = elements(page);
        assertEquals("a & <b>", document.getElementsByTagName("h1").item(0).getTextContent());
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            for (String attribute : new String[] {"src", "href", "action", "data", "srcset", "poster"}) {
                assertFalse(
                        all.item(i).getAttributes().getNamedItem(attribute) != null,
                        all.item(i).getNodeName());
            }
        }
        assertTrue(page.contains("default-src 'none'"));
        String style = page.substring(page.indexOf("<style>"), page.indexOf("</style>"));
        assertFalse(style.contains("@import") || style.contains("url("), "a style that loads");
        assertTrue(page.contains("Apache ECharts, Copyright"));
    }

    @Test
    void textOfARunCannotEndTheScript() throws Exception {
        Path run = SyntheticRun.write(directory.resolve("run"), 10, 0, true);
        String evil = "</script><img src=x onerror=alert(1)>";
        Files.writeString(run.resolve("config.json"), "{\"model\": {\"file\": \"" + evil.replace("\"", "") + "\"}}");
        String page = read(RunReport.write(List.of(run.toString()), null));
        assertFalse(page.contains(evil));
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertTrue(data.find());
        assertEquals(
                evil,
                new ObjectMapper()
                        .readTree(data.group(1))
                        .at("/runs/0/configuration/model.file")
                        .asText());
        elements(page);
    }

    @Test
    void manySubsetsAndStepsStayBelowThreeMegabytes() throws IOException {
        Path run = SyntheticRun.write(directory.resolve("run"), 6000, 60, true);
        Path other = SyntheticRun.write(directory.resolve("other"), 6000, 60, true);
        Path page = Path.of(RunReport.write(List.of(run.toString(), other.toString()), null));
        assertTrue(Files.size(page) < 3_000_000, Files.size(page) + " bytes");
        byte[] first = Files.readAllBytes(page);
        RunReport.write(List.of(run.toString(), other.toString()), null);
        assertArrayEquals(first, Files.readAllBytes(page));
    }

    @Test
    void theOutputMayBeElsewhereAndRunsOfTheSameNameAreTold() throws Exception {
        Path a = SyntheticRun.write(directory.resolve("x/run"), 10, 2, true);
        Path b = SyntheticRun.write(directory.resolve("y/run"), 10, 0, false);
        String output = directory.resolve("new/page.html").toString();
        assertEquals(output, RunReport.write(List.of(a.toString(), b.toString()), output));
        String page = read(output);
        assertTrue(page.contains("\"name\":\"run\"") && page.contains("\"name\":\"run (2)\""));
        assertFalse(Files.exists(a.resolve("report.html")));
    }

    @Test
    void nothingIsWrittenForWhatIsNoRun() throws IOException {
        Path a = SyntheticRun.write(directory.resolve("a"), 10, 0, true);
        Path none = Files.createDirectory(directory.resolve("none"));
        assertThrows(UserError.class, () -> RunReport.write(List.of(a.toString(), none.toString()), null));
        assertFalse(Files.exists(a.resolve("report.html")));
    }
}

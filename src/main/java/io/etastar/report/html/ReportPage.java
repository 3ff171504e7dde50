package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/** Puts title, style, library, data and script into the page's frame. */
final class ReportPage {
    private static final Pattern PLACE = Pattern.compile("/\\*([a-z]+)\\*/|<!--title-->");

    private ReportPage() {}

    /** The whole page; no text of {@code data} can end its script or begin a tag. */
    static String of(String title, ObjectNode data) {
        return PLACE.matcher(resource("report.html"))
                .replaceAll(place -> Matcher.quoteReplacement(content(place.group(1), title, data)));
    }

    private static String content(String name, String title, ObjectNode data) {
        if (name == null) {
            return StringEscapeUtils.escapeHtml4(title);
        }
        return switch (name) {
            case "style" -> resource("report.css");
            case "notice" -> resource("charts-notice.txt");
            case "library" -> resource("echarts.min.js");
            case "data" -> data.toString().replace("<", "\\u003c");
            case "script" -> resource("report-data.js") + resource("report-charts.js") + resource("report-page.js");
            default -> throw new IllegalStateException("report.html: place '" + name + "' is not known");
        };
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "resource " + name + " is missing: Maven's generate-resources puts it there");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}

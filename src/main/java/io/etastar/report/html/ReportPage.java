package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts title, style, library, data and script into the page's frame. */
final class ReportPage {
    private static final Pattern PLACE = Pattern.compile("/\\*([a-z]+)\\*/|<!--title-->");

    private ReportPage() {}

    /** The whole page in UTF-8; no text of {@code data} can end its script or begin a tag. */
    static byte[] of(String title, ObjectNode data) {
        String frame = new String(resource("report.html"), StandardCharsets.UTF_8);
        ByteArrayOutputStream page = new ByteArrayOutputStream(1 << 21);
        Matcher place = PLACE.matcher(frame);
        int from = 0;
        while (place.find()) {
            page.writeBytes(utf8(frame.substring(from, place.start())));
            write(page, place.group(1), title, data);
            from = place.end();
        }
        page.writeBytes(utf8(frame.substring(from)));
        return page.toByteArray();
    }

    private static void write(ByteArrayOutputStream page, String name, String title, ObjectNode data) {
        if (name == null) {
            page.writeBytes(utf8(title.replace("&", "&amp;").replace("<", "&lt;")));
            return;
        }
        switch (name) {
            case "style" -> page.writeBytes(resource("report.css"));
            case "notice" -> page.writeBytes(resource("charts-notice.txt"));
            case "library" -> page.writeBytes(resource("echarts.min.js"));
            case "data" -> page.writeBytes(utf8(data.toString().replace("<", "\\u003c")));
            case "script" -> {
                page.writeBytes(resource("report-data.js"));
                page.writeBytes(resource("report-charts.js"));
                page.writeBytes(resource("report-page.js"));
            }
            default -> throw new IllegalStateException("report.html: place '" + name + "' is not known");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "resource " + name + " is missing: Maven's generate-resources puts it there");
            }
            return in.readAllBytes();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}

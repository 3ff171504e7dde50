package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** The report of a run, or of several beside each other: one self-contained HTML file. */
public final class RunReport {
    /** Name of the file in a run's directory. */
    public static final String FILE = "report.html";

    private RunReport() {}

    /**
     * Writes a report; one that is there is replaced, whole or not at all.
     *
     * @param runs directories of runs, any path that Hadoop knows; the first one gives the title. Runs may be going on
     * @param output file to write; null for {@link #FILE} in the first run's directory
     * @return where it was written
     * @throws io.etastar.UserError if a directory holds no run, or a file of it what no run writes
     * @throws StorageFailure if a file cannot be read or written
     */
    public static String write(List<String> runs, String output) {
        return write(runs, output, odd -> {});
    }

    /** The same; what is odd about the runs is handed on besides, a sentence each. */
    static String write(List<String> runs, String output, Consumer<String> odd) {
        List<RunFiles> files = runs.stream().map(RunFiles::new).toList();
        Path file = output == null ? new Path(files.get(0).directory(), FILE) : FileAccess.path(output);
        ObjectNode json = json(files);
        byte[] page = ReportPage.of(title(files), json);
        StorageFailure.in(file, () -> {
            AtomicFile.write(file, out -> out.write(page));
            return null;
        });
        json.get("runs").forEach(run -> run.get("findings").forEach(finding -> odd.accept(finding.asText())));
        return FileAccess.display(file);
    }

    private static String title(List<RunFiles> files) {
        List<String> names = files.stream().map(RunJson::name).toList();
        return names.size() <= 3
                ? String.join(", ", names)
                : names.get(0) + ", " + names.get(1) + " and " + (names.size() - 2) + " more";
    }

    /** The data of a page: {@code {"runs": [...]}}, names made different if they are not. */
    static ObjectNode json(List<RunFiles> files) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode runs = root.putArray("runs");
        List<String> names = new ArrayList<>();
        for (RunFiles run : files) {
            ObjectNode json = RunJson.of(run, files.size());
            String name = json.get("name").asText();
            String unique = name;
            for (int number = 2; names.contains(unique); number++) {
                unique = name + " (" + number + ")";
            }
            names.add(unique);
            runs.add(json.put("name", unique));
        }
        return root;
    }

    /** Puts title, style, library, data and script into the page's frame. */
    private static final class ReportPage {
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
                    page.writeBytes(resource("report-columns.js"));
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
}

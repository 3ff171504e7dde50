package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
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
        List<RunFiles> files = runs.stream().map(RunFiles::new).toList();
        Path file = output == null ? new Path(files.get(0).directory(), FILE) : FileAccess.path(output);
        byte[] page = ReportPage.of(title(files), json(files));
        StorageFailure.in(file, () -> {
            AtomicFile.write(file, out -> out.write(page));
            return null;
        });
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
}

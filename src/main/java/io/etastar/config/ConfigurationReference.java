package io.etastar.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.etastar.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The reference of every key of job files and experiment files as Markdown, made of the files that the program itself reads. */
public final class ConfigurationReference {
    private static final String INTRODUCTION = """
            # Every key of a configuration

            Made by `make docs` from [etastar-defaults.conf](../src/main/resources/etastar-defaults.conf) and
            [etastar-experiment.conf](../src/main/resources/etastar-experiment.conf), which the program itself checks job files by; a test
            fails where this page is behind them. A key is set in the job file (HOCON or JSON) or by `--set path=value`. Where a meaning
            begins with names and a colon, the key is for these alone; in the block `model`, a key that the kind of model does not use is
            refused. A dash: no default.
            """;

    private ConfigurationReference() {}

    private record Entry(String path, Schema.Key key, ConfigValue value) {
        int line() {
            return value.origin().lineNumber();
        }

        String block() {
            return path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        }
    }

    /**
     * Writes the reference.
     *
     * @param arguments the file to write, alone
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new UserError("command line: found " + arguments.length + " arguments, expected the file to write");
        }
        Files.writeString(Path.of(arguments[0]), markdown());
    }

    /** The page: a table for each block of keys, in the order of the files. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n# Job files\n");
        tables(page, Schema.job(), "etastar-defaults.conf");
        page.append("\n## Keys of each kind of model\n\n| kind of model | needs | may have |\n|---|---|---|\n");
        ModelTable.all()
                .forEach((name, model) -> page.append(
                        "| `" + name + "` | " + codes(model.required()) + " | " + codes(model.optional()) + " |\n"));
        page.append("\n# Experiment files\n");
        tables(page, Schema.experiment(), "etastar-experiment.conf");
        return page.toString();
    }

    private static void tables(StringBuilder page, Schema schema, String resource) {
        List<Entry> entries = new ArrayList<>();
        collect("", ConfigFactory.parseResources(resource).root(), schema.keys(), entries);
        entries.sort(Comparator.comparingInt(Entry::line));
        String block = null;
        for (Entry entry : entries) {
            if (!entry.block().equals(block)) {
                block = entry.block();
                page.append("\n## ").append(block.isEmpty() ? "At the top" : "`" + block + "`");
                page.append("\n\n| key | may be | default | meaning |\n|---|---|---|---|\n");
            }
            page.append(row(entry));
        }
    }

    private static void collect(String prefix, ConfigObject block, Map<String, Schema.Key> keys, List<Entry> entries) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String path = prefix + entry.getKey();
            if (keys.containsKey(path)) {
                entries.add(new Entry(path, keys.get(path), entry.getValue()));
            } else {
                collect(path + ".", (ConfigObject) entry.getValue(), keys, entries);
            }
        }
    }

    private static String row(Entry entry) {
        String value = entry.value().valueType() == ConfigValueType.NULL
                ? "-"
                : "`" + entry.value().render(ConfigRenderOptions.concise()).replace("\"", "") + "`";
        return "| `" + entry.path() + "` | " + cell(type(entry.key().type().expected())) + " | " + value + " | "
                + cell(entry.key().meaning()) + " |\n";
    }

    private static String type(String expected) {
        return expected.startsWith("one of ")
                ? codes(List.of(expected.substring("one of ".length()).split(", ")))
                : expected;
    }

    private static String codes(List<String> names) {
        return names.isEmpty() ? "-" : "`" + String.join("`, `", names) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }
}

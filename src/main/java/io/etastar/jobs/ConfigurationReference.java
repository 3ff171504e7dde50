package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.comparison.WorkloadSettings;
import io.etastar.settings.JobSettings;
import io.etastar.settings.ModelKind;
import io.etastar.settings.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reference of every key of job files and experiment files as Markdown, made of the records that the program itself checks files by. */
public final class ConfigurationReference {
    private static final String INTRODUCTION = """
        # Every key of a configuration

        Made by `make docs` from the records of package `io.etastar.settings`, which the program itself checks files by; a test fails
        if this page is behind them. A key is set in the job file (HOCON or JSON) or by `--set path=value`. If a meaning begins with
        names and a colon, the key is for these alone; in the block `model`, a key that the kind of model does not use is
        refused. A dash: no default.
        """;

    private ConfigurationReference() {}

    /**
     * Writes the reference.
     *
     * @param arguments the file to write, alone
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new UserError(
                    UserError.Subject.of("command line"), arguments.length + " arguments", "the file to write");
        }
        Files.writeString(Path.of(arguments[0]), markdown());
    }

    /** The page: a table for each block of keys, in the order of the files. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n# Job files\n");
        tables(page, JobSettings.schema());
        page.append("\n## Keys of each kind of model\n\n| kind of model | needs | may have |\n|---|---|---|\n");
        for (ModelKind kind : ModelKind.values()) {
            page.append("| `" + kind + "` | " + codes(kind.required()) + " | " + codes(kind.optional()) + " |\n");
        }
        page.append("\n# Experiment files\n");
        tables(page, ExperimentFile.schema());
        page.append("\n# Workloads of an experiment file\n");
        tables(page, WorkloadSettings.schema());
        return page.toString();
    }

    private static void tables(StringBuilder page, Schema schema) {
        String block = null;
        for (Schema.Setting setting : schema.settings().values()) {
            String path = setting.path();
            String its = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
            if (!its.equals(block)) {
                block = its;
                page.append("\n## ").append(block.isEmpty() ? "At the top" : "`" + block + "`");
                page.append("\n\n| key | may be | default | meaning |\n|---|---|---|---|\n");
            }
            page.append(row(setting));
        }
    }

    private static String row(Schema.Setting setting) {
        Object standard = setting.defaultValue();
        String value = standard == null
                ? "-"
                : "`" + Schema.render(Schema.value(standard, setting.path())).replace("\"", "") + "`";
        return "| `" + setting.path() + "` | " + cell(type(setting.expected())) + " | " + value + " | "
                + cell(setting.meaning()) + " |\n";
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

package io.etastar.ml;

import io.etastar.UserError;
import io.etastar.settings.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sources made from the settings: accessors of Params in Java and in Python, with their types. */
public final class ParamSources {
    private static final int WIDTH = 116;
    private static final String JAVA = """
        package io.etastar.ml;

        import org.apache.spark.ml.param.BooleanParam;
        import org.apache.spark.ml.param.DoubleArrayParam;
        import org.apache.spark.ml.param.DoubleParam;
        import org.apache.spark.ml.param.IntArrayParam;
        import org.apache.spark.ml.param.IntParam;
        import org.apache.spark.ml.param.LongParam;
        import org.apache.spark.ml.param.Param;
        import org.apache.spark.ml.param.Params;
        import org.apache.spark.ml.param.StringArrayParam;

        /**
         * Params with their getters and setters, made by {@code make docs} from the settings; not to be edited.
         *
         * @param <S> what setters return: the object's own class
         */
        public interface SettingParams<S> extends Params {
            /** The object's Params; the same table each time. */
            ParamTable table();

            /** Sets a Param; this. */
            @SuppressWarnings("unchecked")
            default <T> S with(Param<T> param, T value) {
                set(param, value);
                return (S) this;
            }
        """;
    private static final String PYTHON = """
        \"""Params of neural-network estimators and models, made by `make docs` from the settings; not to be edited.

        Each Param has a getter and a setter: damping has getDamping() and setDamping(value). Defaults are those of the Java side:
        explainParams() lists every Param.
        \"""

        from etastar.ml.accessors import add_accessors
        from pyspark.ml.param import Param, Params, TypeConverters


        def _param(name, doc, converter):
            return Param(Params._dummy(), name, doc, typeConverter=converter)


        class NeuralNetworkParams(Params):
            \"""All Params beside Spark's own.\"""

        """;

    private static final String STUB = """
        # Made by `make docs` from the settings; not to be edited.
        from typing import Any, TypedDict

        from pyspark.ml.param import Param, Params
        from typing_extensions import Self

        DEFAULTS: dict[str, Any]

        class ParamValues(TypedDict, total=False):
            featuresCol: str
            labelCol: str
            predictionCol: str
            rawPredictionCol: str
            probabilityCol: str
            thresholds: list[float]
        """;

    private ParamSources() {}

    /**
     * Writes the files.
     *
     * @param arguments the root of the project, alone
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new UserError(
                    UserError.Subject.of("command line"), arguments.length + " arguments", "the project's root");
        }
        for (Map.Entry<String, String> file : files().entrySet()) {
            Files.writeString(Path.of(arguments[0], file.getKey()), file.getValue());
        }
    }

    /** Texts by path from the project's root. */
    static Map<String, String> files() {
        return Map.of(
                "src/main/java/io/etastar/ml/SettingParams.java", java(),
                "python/etastar/ml/params.py", python(),
                "python/etastar/ml/params.pyi", stub());
    }

    private static String java() {
        StringBuilder text = new StringBuilder(JAVA);
        ParamNames.settings().forEach((name, setting) -> text.append(accessors(name, setting)));
        return text.append("}\n").toString();
    }

    private static String accessors(String name, Schema.Setting setting) {
        ParamTable.Kind kind = ParamTable.Kind.of(setting);
        String suffix = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        String cast = kind.value.matches("boolean|int|long|double")
                ? "(" + Map.of("int", "Integer").getOrDefault(kind.value, boxed(kind.value)) + ") "
                : "";
        String text = """

                /**
                 * Param: DOC.
                 */
                default TYPE NAME() {
                    return table().param("NAME");
                }

                /** Value of {@link #NAME}. */
                default VALUE getSUFFIX() {
                    return CASTgetOrDefault(NAME());
                }

                /** Sets {@link #NAME}. */
                default S setSUFFIX(VALUE value) {
                    return with(NAME(), value);
                }
            """;
        return text.replace("     * Param: DOC.", wrapped("Param: " + html(ParamTable.doc(setting)) + ".", "     * "))
                .replace("TYPE", kind.param)
                .replace("VALUE", kind.value)
                .replace("CAST", cast)
                .replace("SUFFIX", suffix)
                .replace("NAME", name);
    }

    private static String boxed(String primitive) {
        return Character.toUpperCase(primitive.charAt(0)) + primitive.substring(1);
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String python() {
        StringBuilder text = new StringBuilder(PYTHON);
        ParamNames.settings()
                .forEach((name, setting) -> text.append("    " + name + " = _param(\n        \"" + name + "\",\n")
                        .append(literal(ParamTable.doc(setting)))
                        .append("        TypeConverters." + ParamTable.Kind.of(setting).converter + ",\n    )\n"));
        text.append("\n\nDEFAULTS = {\n");
        ParamNames.settings().forEach((name, setting) -> {
            Object value = ParamTable.defaultOf(setting);
            if (value != null) {
                text.append("    \"" + name + "\": " + pythonValue(value) + ",\n");
            }
        });
        return text.append("}\n\nadd_accessors(NeuralNetworkParams)\n").toString();
    }

    /** A default as Python writes it. */
    private static String pythonValue(Object value) {
        if (value instanceof Boolean is) {
            return is ? "True" : "False";
        }
        if (value instanceof List<?> values) {
            return values.stream().map(ParamSources::pythonValue).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : value.toString();
    }

    /** Types of the accessors, and of the keywords of constructors, for editors and type checkers. */
    private static String stub() {
        StringBuilder keywords = new StringBuilder(STUB);
        StringBuilder accessors = new StringBuilder("\nclass NeuralNetworkParams(Params):\n");
        ParamNames.settings().forEach((name, setting) -> {
            String type = pythonType(ParamTable.Kind.of(setting).converter);
            String suffix = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            keywords.append("    " + name + ": " + type + "\n");
            accessors
                    .append("    " + name + ": Param[" + type + "]\n")
                    .append("    def get" + suffix + "(self) -> " + type + ": ...\n")
                    .append("    def set" + suffix + "(self, value: " + type + ") -> Self: ...\n");
        });
        return keywords.append(accessors).toString();
    }

    private static String pythonType(String converter) {
        return switch (converter) {
            case "toInt" -> "int";
            case "toFloat" -> "float";
            case "toBoolean" -> "bool";
            case "toListInt" -> "list[int]";
            case "toListFloat" -> "list[float]";
            case "toListString" -> "list[str]";
            default -> "str";
        };
    }

    private static String literal(String doc) {
        String text = doc.replace("\\", "\\\\").replace("\"", "\\\"");
        String[] lines = wrapped(text, "").split("\n");
        if (lines.length == 1) {
            return "        \"" + text + "\",\n";
        }
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String end = i + 1 < lines.length ? " \"\n" : "\",\n";
            literal.append("        \"").append(lines[i]).append(end);
        }
        return literal.toString();
    }

    /** The text in lines of at most {@link #WIDTH} characters, each with {@code indent} before it. */
    private static String wrapped(String text, String indent) {
        int width = WIDTH - Math.max(indent.length(), 12);
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + word.length() + 1 > width) {
                lines.append(indent).append(line).append('\n');
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        return lines.append(indent).append(line).toString();
    }
}

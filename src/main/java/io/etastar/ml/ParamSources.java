package io.etastar.ml;

import io.etastar.UserError;
import io.etastar.settings.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sources made from the settings: accessors of Params in Java and in Python. */
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

        from etastar.accessors import add_accessors
        from pyspark.ml.param import Param, Params, TypeConverters


        def _param(name, doc, converter):
            return Param(Params._dummy(), name, doc, typeConverter=converter)


        class NeuralNetworkParams(Params):
            \"""All Params beside Spark's own.\"""

        """;

    private ParamSources() {}

    /**
     * Writes both files.
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
                "python/etastar/params.py", python());
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
        return text.append("\n\nadd_accessors(NeuralNetworkParams)\n").toString();
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

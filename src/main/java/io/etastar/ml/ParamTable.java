package io.etastar.ml;

import io.etastar.settings.schema.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.runtime.AbstractFunction1;

/** The Params of one object by name: one for each setting of {@link ParamNames}, with its type, meaning and default. */
public final class ParamTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Map<String, Param<?>> params = new LinkedHashMap<>();

    /** @param owner the object whose Params they are; its uid must be known */
    ParamTable(Params owner) {
        ParamNames.settings().forEach((name, setting) -> params.put(name, of(owner, name, setting)));
    }

    private static Param<?> of(Params owner, String name, Schema.Setting setting) {
        String uid = owner.uid();
        String doc = doc(setting);
        Check check = new Check(uid, name, words(setting));
        return switch (Kind.of(setting)) {
            case BOOLEAN -> new BooleanParam(uid, name, doc);
            case LONG -> new LongParam(uid, name, doc, check);
            case INT -> new IntParam(uid, name, doc, check);
            case DOUBLE -> new DoubleParam(uid, name, doc, check);
            case INTS -> new IntArrayParam(owner, name, doc, check.typed());
            case DOUBLES -> new DoubleArrayParam(owner, name, doc, check.typed());
            case STRINGS -> new StringArrayParam(owner, name, doc, check.typed());
            case TEXT -> new Param<>(uid, name, doc, check.typed(), String.class);
        };
    }

    /** Meaning of a Param, and what it may be. */
    static String doc(Schema.Setting setting) {
        return setting.meaning() + " (" + words(setting) + ")";
    }

    private static String words(Schema.Setting setting) {
        String words = setting.expected().split(" or |, ")[0];
        List<String> special = new ArrayList<>();
        if (takes(setting, "all")) {
            special.add("0 for all");
        }
        if (takes(setting, "auto")) {
            special.add("-1 for automatic");
        }
        return special.isEmpty() ? setting.expected() : words + ", " + String.join(", ", special);
    }

    /** Whether the setting is a number, or that word. */
    private static boolean takes(Schema.Setting setting, String word) {
        return setting.expected().startsWith("int ") && setting.accepts(word);
    }

    /** A setting's default as a value of its Param; null if there is none. */
    static Object defaultOf(Schema.Setting setting) {
        Object value = setting.defaultValue();
        if (Kind.of(setting) == Kind.LONG) {
            return ((Integer) value).longValue();
        }
        if (takes(setting, String.valueOf(value))) {
            return value.equals("all") ? 0 : -1;
        }
        return value;
    }

    /** A Param's value as that of its setting. */
    static Object jobValue(Schema.Setting setting, Object value) {
        if (value instanceof int[] list) {
            return Arrays.stream(list).boxed().toList();
        }
        if (value instanceof double[] list) {
            return Arrays.stream(list).boxed().toList();
        }
        if (value instanceof String[] list) {
            return Arrays.asList(list);
        }
        if (value.equals(0) && takes(setting, "all")) {
            return "all";
        }
        return value.equals(-1) && takes(setting, "auto") ? "auto" : value;
    }

    /** The Param of that name. */
    Param<?> get(String name) {
        return params.get(name);
    }

    /** The Param of that name as its own type. */
    @SuppressWarnings("unchecked")
    <P extends Param<?>> P param(String name) {
        return (P) params.get(name);
    }

    List<String> names() {
        return List.copyOf(params.keySet());
    }

    /**
     * Types of Params.
     *
     * <p>Columns: class of the Param, type of its value, converter in PySpark.
     */
    enum Kind {
        BOOLEAN("BooleanParam", "boolean", "toBoolean"),
        LONG("LongParam", "long", "toInt"),
        INT("IntParam", "int", "toInt"),
        DOUBLE("DoubleParam", "double", "toFloat"),
        INTS("IntArrayParam", "int[]", "toListInt"),
        DOUBLES("DoubleArrayParam", "double[]", "toListFloat"),
        STRINGS("StringArrayParam", "String[]", "toListString"),
        TEXT("Param<String>", "String", "toString");

        final String param;
        final String value;
        final String converter;

        Kind(String param, String value, String converter) {
            this.param = param;
            this.value = value;
            this.converter = converter;
        }

        static Kind of(Schema.Setting setting) {
            if (setting.path().equals("seed")) {
                return LONG;
            }
            if (setting.expected().equals("string or list of strings")) {
                return STRINGS;
            }
            return switch (setting.expected().split(" ")[0]) {
                case "boolean" -> BOOLEAN;
                case "int" -> INT;
                case "number" -> DOUBLE;
                case "list" -> setting.expected().startsWith("list of int") ? INTS : DOUBLES;
                default -> TEXT;
            };
        }
    }

    /** Refuses values that the setting may not hold. */
    private static final class Check extends AbstractFunction1<Object, Object> implements Serializable {
        private static final long serialVersionUID = 1L;
        /** Params of which an empty text is as good as none, as MLlib has it. */
        private static final List<String> OPTIONAL = List.of(
                "weightCol",
                "validationIndicatorCol",
                "summaryIndicatorCol",
                "predictedLabelCol",
                "checkpointDir",
                "initialModel");

        private final String uid;
        private final String name;
        private final String expected;

        Check(String uid, String name, String expected) {
            this.uid = uid;
            this.name = name;
            this.expected = expected;
        }

        @Override
        public Object apply(Object value) {
            Schema.Setting setting = ParamNames.settings().get(name);
            Object plain = jobValue(setting, value);
            boolean unset = plain.equals("") && OPTIONAL.contains(name);
            if (!unset && !setting.accepts(plain)) {
                throw new IllegalArgumentException(
                        uid + ": parameter " + name + ": found " + plain + ", expected " + expected);
            }
            return true;
        }

        @SuppressWarnings("unchecked")
        <T> AbstractFunction1<T, Object> typed() {
            return (AbstractFunction1<T, Object>) (AbstractFunction1<?, Object>) this;
        }
    }
}

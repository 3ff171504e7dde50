package io.etastar.ml;

import io.etastar.settings.Schema;
import java.io.Serializable;
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
import scala.runtime.AbstractFunction1;

/** The Params of one object by name: one for each job key of {@link ParamNames}, with its type, meaning and default. */
public final class ParamTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Map<String, Param<?>> params = new LinkedHashMap<>();

    /** @param owner the object whose Params they are; its uid must be known */
    ParamTable(Params owner) {
        ParamNames.all()
                .forEach((path, name) ->
                        params.put(name, of(owner, name, Schema.job().of(path))));
        FrameParams.DOCS.forEach((name, doc) -> params.put(name, FrameParams.of(owner, name, doc)));
    }

    private static Param<?> of(Params owner, String name, Schema.Setting key) {
        String uid = owner.uid();
        String type = key.expected().equals("int >= 1 or all") ? "int >= 0" : key.expected();
        String zero = type.equals(key.expected()) ? "" : ", 0 for all";
        String doc = key.meaning() + " (" + type + zero + ")";
        Check check = new Check(uid, name, key.path(), type);
        if (name.equals("seed")) {
            return new LongParam(uid, name, doc, check);
        }
        return switch (key.expected().split(" ")[0]) {
            case "boolean" -> new BooleanParam(uid, name, doc);
            case "int" -> new IntParam(uid, name, doc, check);
            case "number" -> new DoubleParam(uid, name, doc, check);
            case "list" ->
                key.expected().startsWith("list of int")
                        ? new IntArrayParam(owner, name, doc, check.typed())
                        : new DoubleArrayParam(owner, name, doc, check.typed());
            default -> new Param<>(uid, name, doc, check.typed(), String.class);
        };
    }

    /** The job key's default as a value of its Param; null if there is none. */
    static Object defaultOf(String path) {
        Object value = Schema.job().of(path).defaultValue();
        if (path.equals("seed")) {
            return ((Integer) value).longValue();
        }
        return "all".equals(value) ? Integer.valueOf(0) : value;
    }

    /** A Param's value as that of its job key. */
    static Object jobValue(String path, Object value) {
        if (value instanceof int[] list) {
            return Arrays.stream(list).boxed().toList();
        }
        if (value instanceof double[] list) {
            return Arrays.stream(list).boxed().toList();
        }
        boolean all = value instanceof Integer zero
                && zero == 0
                && Schema.job().of(path).expected().endsWith(" or all");
        return all ? "all" : value;
    }

    Param<?> get(String name) {
        return params.get(name);
    }

    List<String> names() {
        return List.copyOf(params.keySet());
    }

    @SuppressWarnings("unchecked")
    Param<String> stringParam(String name) {
        return (Param<String>) params.get(name);
    }

    IntParam intParam(String name) {
        return (IntParam) params.get(name);
    }

    LongParam longParam(String name) {
        return (LongParam) params.get(name);
    }

    DoubleParam doubleParam(String name) {
        return (DoubleParam) params.get(name);
    }

    BooleanParam booleanParam(String name) {
        return (BooleanParam) params.get(name);
    }

    IntArrayParam intArrayParam(String name) {
        return (IntArrayParam) params.get(name);
    }

    DoubleArrayParam doubleArrayParam(String name) {
        return (DoubleArrayParam) params.get(name);
    }

    /** Refuses values that the job key may not hold. */
    private static final class Check extends AbstractFunction1<Object, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String uid;
        private final String name;
        private final String path;
        private final String expected;

        Check(String uid, String name, String path, String expected) {
            this.uid = uid;
            this.name = name;
            this.path = path;
            this.expected = expected;
        }

        @Override
        public Object apply(Object value) {
            Object plain = jobValue(path, value);
            if (!Schema.job().of(path).accepts(plain)) {
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

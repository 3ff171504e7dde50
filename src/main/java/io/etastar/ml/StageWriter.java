package io.etastar.ml;

import java.lang.reflect.Constructor;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Writes the Params of a stage under the name that Python knows it by, so that a saved pipeline loads in either language. Spark
 * writes the name of an object's class, so it is shown an object of that class.
 */
final class StageWriter extends MLWriter {
    private static final String PYTHON = "etastar.ml.";

    private final Params stage;

    StageWriter(Params stage) {
        this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
        DefaultParamsWriter.saveMetadata(named(stage), path, sparkSession(), Option.empty(), Option.empty());
    }

    /** The name that Python knows a class of this package by: that of the class of the same name in its module. */
    static String name(Class<?> type) {
        String name = type.getSimpleName();
        String module = name.contains("Regress") ? "regression" : "classification";
        return PYTHON + (name.startsWith("Curvature") ? "curvature" : module) + "." + name;
    }

    /** The same stage, of the class that Python knows. By reflection: those classes are made from the ones of this package. */
    static Params named(Params stage) {
        if (stage.getClass().getName().startsWith(PYTHON)) {
            return stage;
        }
        try {
            Constructor<?> same = Class.forName(name(stage.getClass())).getConstructor(stage.getClass());
            return (Params) same.newInstance(stage);
        } catch (ReflectiveOperationException exception) {
            throw new IllegalStateException(stage.getClass() + " has no name for Python", exception);
        }
    }
}

package io.etastar.ml;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader.Metadata;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Reads the Params of an Estimator, written under any of its names. */
final class StageReader<E extends Params> extends MLReader<E> {
    private final Class<E> type;
    private final Function<String, E> make;
    private final UnaryOperator<E> as;

    /**
     * @param make an Estimator of a uid
     * @param as what it is returned as
     */
    StageReader(Class<E> type, Function<String, E> make, UnaryOperator<E> as) {
        this.type = type;
        this.make = make;
        this.as = as;
    }

    @Override
    public E load(String path) {
        Metadata metadata = metadata(path, sparkSession(), type);
        E estimator = make.apply(metadata.uid());
        metadata.getAndSetParams(estimator, Option.empty());
        return as.apply(estimator);
    }

    /**
     * Metadata of a stage of Spark ML. Stages are written under the names that Python knows. Earlier versions wrote the name of the
     * class itself, the first ones with NewtonSummary in place of NeuralNetwork.
     *
     * @throws IllegalArgumentException if another class wrote them
     */
    static Metadata metadata(String path, SparkSession session, Class<?> type) {
        Metadata metadata = DefaultParamsReader.loadMetadata(path, session, "");
        String name = metadata.className();
        boolean known = name.equals(StageWriter.name(type))
                || name.equals(type.getName().replace("NeuralNetwork", "NewtonSummary"));
        return DefaultParamsReader.parseMetadata(
                ParamNames.renamed(metadata.metadataJson()), known ? name : type.getName());
    }
}

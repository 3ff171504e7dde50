package io.etastar.ml;

import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader.Metadata;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Reads the Params of an Estimator, written under its present class name or its former one. */
final class StageReader<E extends Params> extends MLReader<E> {
    private final Class<E> type;
    private final Function<String, E> make;

    /** @param make an Estimator of a uid */
    StageReader(Class<E> type, Function<String, E> make) {
        this.type = type;
        this.make = make;
    }

    @Override
    public E load(String path) {
        Metadata metadata = metadata(path, sparkSession(), type);
        E estimator = make.apply(metadata.uid());
        metadata.getAndSetParams(estimator, Option.empty());
        return estimator;
    }

    /**
     * Metadata of a stage of Spark ML. Stages named NeuralNetwork... were named NewtonSummary... in earlier versions; both
     * names stand for {@code type}.
     *
     * @throws IllegalArgumentException if another class wrote them
     */
    static Metadata metadata(String path, SparkSession session, Class<?> type) {
        Metadata metadata = DefaultParamsReader.loadMetadata(path, session, "");
        String former = type.getName().replace("NeuralNetwork", "NewtonSummary");
        boolean renamed = metadata.className().equals(former);
        return DefaultParamsReader.parseMetadata(
                ParamNames.renamed(metadata.metadataJson()), renamed ? former : type.getName());
    }
}

package io.etastar.ml.perceptron;

import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import scala.Option;

/**
 * MLlib's perceptron, trained by steps whose lengths are solved from exact derivatives.
 *
 * <p>It has the Params of MLlib's Estimator, and gives MLlib's model: the same columns, {@code weights}, summary and files. What the Params
 * mean here is told in docs/spark-ml.md. What is saved is MLlib's Estimator of the same Params, which MLlib reads without EtaStar;
 * {@link #read} makes it one of these again.
 */
public final class MultilayerPerceptronClassifier
        extends org.apache.spark.ml.classification.MultilayerPerceptronClassifier {
    private static final long serialVersionUID = 1L;

    /** With a uid of its own, as MLlib names it. */
    public MultilayerPerceptronClassifier() {
        this(new org.apache.spark.ml.classification.MultilayerPerceptronClassifier().uid());
    }

    /** With a given uid. */
    public MultilayerPerceptronClassifier(String uid) {
        super(uid);
    }

    /** One with the uid and the Params of MLlib's. */
    public static MultilayerPerceptronClassifier of(
            org.apache.spark.ml.classification.MultilayerPerceptronClassifier mllib) {
        return mllib.copyValues(new MultilayerPerceptronClassifier(mllib.uid()), ParamMap.empty());
    }

    /**
     * What {@code fit} does, without copying the Params.
     *
     * @param dataset with features and labels; the order of its rows is part of what decides the result
     * @throws IllegalArgumentException naming the Param or column that is wrong
     */
    @Override
    public MultilayerPerceptronClassificationModel train(Dataset<?> dataset) {
        PerceptronFit.Result result = new PerceptronFit(this).run(dataset);
        MultilayerPerceptronClassificationModel model = copyValues(
                new MultilayerPerceptronClassificationModel(uid(), new DenseVector(result.weights())),
                ParamMap.empty());
        model.setSummary(Option.apply(new LazySummary(model, dataset, result.losses())));
        return model;
    }

    @Override
    public MultilayerPerceptronClassifier copy(ParamMap extra) {
        return copyValues(new MultilayerPerceptronClassifier(uid()), extra);
    }

    /** Writes MLlib's Estimator of the same Params. */
    @Override
    public MLWriter write() {
        org.apache.spark.ml.classification.MultilayerPerceptronClassifier mllib =
                new org.apache.spark.ml.classification.MultilayerPerceptronClassifier(uid());
        return copyValues(mllib, ParamMap.empty()).write();
    }

    /** Reads what {@code write} of this Estimator or of MLlib's wrote. */
    public static MLReader<org.apache.spark.ml.classification.MultilayerPerceptronClassifier> read() {
        return new Reader();
    }

    /** Reads from a path. */
    public static MultilayerPerceptronClassifier load(String path) {
        return of(org.apache.spark.ml.classification.MultilayerPerceptronClassifier.load(path));
    }

    private static final class Reader
            extends MLReader<org.apache.spark.ml.classification.MultilayerPerceptronClassifier> {
        @Override
        public MultilayerPerceptronClassifier load(String path) {
            return MultilayerPerceptronClassifier.load(path);
        }
    }
}

package io.etastar.jobs;

import io.etastar.data.BatchTransform;
import io.etastar.data.ClassWeights;
import io.etastar.data.CropAndFlip;
import io.etastar.data.DataSource;
import io.etastar.data.FeatureTargets;
import io.etastar.data.PixelPrediction;
import io.etastar.data.RowRange;
import io.etastar.data.RowShape;
import io.etastar.data.Standardisation;
import io.etastar.data.format.CifarFormat;
import io.etastar.data.format.CifarSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.IdxSource;
import io.etastar.data.format.ImageSource;
import io.etastar.data.format.NpzSource;
import io.etastar.data.format.RegressionSource;
import io.etastar.data.prepared.PreparedSource;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.spark.rows.Rows;
import io.etastar.storage.StoredModel;
import java.util.List;

/** Data as a configuration or a stored model describes them. */
final class DataSources {
    private static final int DEFAULT_CLASSES = 10;

    private DataSources() {}

    /**
     * Training rows, with the weights of their classes, or test rows, which have none.
     *
     * @throws io.etastar.UserError if files are missing or not what their names say
     */
    static Rows open(Configuration configuration, boolean train) {
        DataSettings settings = configuration.data();
        DataSource source = stored(settings, configuration.seed(), train);
        if (settings.rows().targets().equals("features")) {
            source = new FeatureTargets(source);
        }
        BatchTransform transform =
                transform(source.shape().features(), settings.rows().transform(), train);
        return Rows.of(train ? weighted(configuration, source) : source).with(transform);
    }

    private static DataSource weighted(Configuration configuration, DataSource source) {
        List<Double> weights = configuration.data().classes().classWeights();
        if (weights.isEmpty()) {
            return source;
        }
        RowShape shape = source.shape();
        if (shape.classes() != weights.size()) {
            throw configuration.mistake(
                    "data.class_weights", shape.classes() + " numbers, one for each class of " + shape.description());
        }
        return new ClassWeights(
                source, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static DataSource stored(DataSettings settings, long seed, boolean train) {
        if (!settings.splits()) {
            return whole(settings, seed, train);
        }
        return RowRange.split(whole(settings, seed, true), settings.files().testShare(), train);
    }

    private static DataSource whole(DataSettings settings, long seed, boolean train) {
        return switch (settings.files().source()) {
            case "digits" -> train ? DigitsSource.train(seed) : DigitsSource.test(seed);
            case "regression" -> RegressionSource.open(seed, train);
            case "images" -> ImageSource.open(settings.files().path(), train);
            case "cifar10" -> CifarSource.open(settings.files().path(), CifarFormat.CIFAR10, train);
            case "cifar100" -> CifarSource.open(settings.files().path(), CifarFormat.CIFAR100, train);
            case "cifar100-coarse" -> CifarSource.open(settings.files().path(), CifarFormat.CIFAR100_COARSE, train);
            case "npz" ->
                NpzSource.open(
                        settings.files().path(), train, settings.classes().classes());
            case "prepared" ->
                PreparedSource.open(
                        settings.files().path(),
                        train ? "train" : settings.files().testPart(),
                        settings.classes().classes(),
                        settings.files().verify());
            default -> {
                int classes = settings.classes().classes() == 0
                        ? DEFAULT_CLASSES
                        : settings.classes().classes();
                yield IdxSource.open(
                        settings.files().path(),
                        train && settings.files().files().equals("train"),
                        classes);
            }
        };
    }

    /** What is done to rows of that shape in each pass, or null. */
    static BatchTransform transform(int[] shape, String name, boolean train) {
        if (name.equals("none")) {
            return null;
        }
        BatchTransform transform = name.equals("pixels") ? new PixelPrediction(shape) : new CropAndFlip(shape);
        return transform.trainingOnly() && !train ? null : transform;
    }

    /** What a model's features are standardised by, or null. */
    static Standardisation standardisation(StoredModel model) {
        return model.mean() == null ? null : new Standardisation(model.mean(), model.deviation());
    }
}

package io.etastar.jobs;

import io.etastar.config.Configuration;
import io.etastar.config.DataSettings;
import io.etastar.data.ClassWeights;
import io.etastar.data.DataRows;
import io.etastar.data.DataSource;
import io.etastar.data.Standardisation;
import io.etastar.frame.FrameRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** Data of several runs: what is the same for two of them is opened, checked and measured once. */
final class OpenedData {
    private final Supplier<JavaSparkContext> spark;
    private final Map<Key, Rows> opened = new HashMap<>();

    /** @param spark asked for a context if data are read by Spark, and only then */
    OpenedData(Supplier<JavaSparkContext> spark) {
        this.spark = spark;
    }

    private record Key(DataSettings settings, long seed) {}

    /** Training rows with their classes' weights, and test rows, which have none. */
    static final class Rows {
        private final DataRows train;
        private final DataRows test;
        private final int partitions;
        private Standardisation measured;

        private Rows(DataRows train, DataRows test, int partitions) {
            this.train = train;
            this.test = test;
            this.partitions = partitions;
        }

        DataRows train() {
            return train;
        }

        DataRows test() {
            return test;
        }

        /** Checks all rows; mean and deviation of the training rows' features. */
        Standardisation measure() {
            if (measured == null) {
                Standardisation found = measure(train);
                if (test instanceof DataSource source) {
                    source.inspect();
                }
                measured = found;
            }
            return measured;
        }

        private Standardisation measure(DataRows rows) {
            return rows instanceof FrameRows frame ? frame.measure(partitions) : ((DataSource) rows).inspect();
        }
    }

    /**
     * The data of a job.
     *
     * @throws io.etastar.UserError if files are missing or not what their names say
     */
    Rows of(Configuration configuration) {
        DataSettings settings = configuration.data();
        // Files are what they are whatever the seed.
        boolean drawn = settings.path() == null;
        Key key = new Key(settings, drawn ? configuration.seed() : 0);
        Rows rows = opened.get(key);
        if (rows == null) {
            rows = new Rows(training(configuration), test(configuration), settings.partitions());
            opened.put(key, rows);
        }
        return rows;
    }

    private DataRows test(Configuration configuration) {
        DataSettings settings = configuration.data();
        return FrameData.is(settings)
                ? FrameData.open(settings, spark.get(), false)
                : DataSources.open(settings, configuration.seed(), false);
    }

    private DataRows training(Configuration configuration) {
        DataSettings settings = configuration.data();
        if (FrameData.is(settings)) {
            return FrameData.open(settings, spark.get(), true);
        }
        DataSource rows = DataSources.open(settings, configuration.seed(), true);
        List<Double> weights = settings.classWeights();
        if (weights.isEmpty()) {
            return rows;
        }
        if (rows.classes() != weights.size()) {
            throw configuration.mistake(
                    "data.class_weights", rows.classes() + " numbers, one for each class of " + rows.description());
        }
        return new ClassWeights(
                rows, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }
}

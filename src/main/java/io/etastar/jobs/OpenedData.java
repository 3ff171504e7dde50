package io.etastar.jobs;

import io.etastar.config.Configuration;
import io.etastar.config.DataSettings;
import io.etastar.data.ClassWeights;
import io.etastar.data.DataSource;
import io.etastar.data.Standardisation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Data of several runs: what is the same for two of them is opened, checked and measured once. */
final class OpenedData {
    private final Map<Key, Rows> opened = new HashMap<>();

    private record Key(DataSettings settings, long seed) {}

    /** Training rows with their classes' weights, and test rows, which have none. */
    static final class Rows {
        private final DataSource train;
        private final DataSource test;
        private Standardisation measured;

        private Rows(DataSource train, DataSource test) {
            this.train = train;
            this.test = test;
        }

        DataSource train() {
            return train;
        }

        DataSource test() {
            return test;
        }

        /** Checks all rows; mean and deviation of the training rows' features. */
        Standardisation measure() {
            if (measured == null) {
                Standardisation found = train.inspect();
                test.inspect();
                measured = found;
            }
            return measured;
        }
    }

    /**
     * The data of a job.
     *
     * @throws io.etastar.UserError where files are missing or not what their names say
     */
    Rows of(Configuration configuration) {
        // Files are what they are whatever the seed.
        boolean drawn = configuration.data().path() == null;
        Key key = new Key(configuration.data(), drawn ? configuration.seed() : 0);
        Rows rows = opened.get(key);
        if (rows == null) {
            rows = new Rows(
                    training(configuration), DataSources.open(configuration.data(), configuration.seed(), false));
            opened.put(key, rows);
        }
        return rows;
    }

    private static DataSource training(Configuration configuration) {
        DataSource rows = DataSources.open(configuration.data(), configuration.seed(), true);
        List<Double> weights = configuration.data().classWeights();
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

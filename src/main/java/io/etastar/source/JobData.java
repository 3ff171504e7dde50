package io.etastar.source;

import io.etastar.data.Standardisation;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.SummarySettings;
import io.etastar.spark.rows.Rows;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** The data of several jobs; data that two of them share are opened, checked and measured once. */
public final class JobData {
    private final Supplier<JavaSparkContext> spark;
    private final Map<Key, Sets> opened = new HashMap<>();

    /** @param spark asked for a context if data are read by Spark, and only then */
    public JobData(Supplier<JavaSparkContext> spark) {
        this.spark = spark;
    }

    private record Key(DataSettings settings, SummarySettings.Data summaries, long seed) {}

    /** Training rows with their classes' weights, and test rows, which have none. */
    public static final class Sets {
        private final Rows train;
        private final Rows test;
        private final Rows summaries;
        private final Map<Integer, Standardisation> measured = new HashMap<>();

        private Sets(Rows train, Rows test, Rows summaries) {
            this.train = train;
            this.test = test;
            this.summaries = summaries;
        }

        /** Training rows. */
        public Rows train() {
            return train;
        }

        /** Test rows. */
        public Rows test() {
            return test;
        }

        /** Rows of summaries alone; null if they have no data set of their own. */
        public Rows summaries() {
            return summaries;
        }

        /**
         * Checks all rows; returns mean and deviation of the training rows' features.
         *
         * @param partitions number of shards that they will be laid out in
         */
        public Standardisation measure(int partitions) {
            Standardisation found = measured.get(partitions);
            if (found == null) {
                found = train.measure(partitions);
                test.check();
                if (summaries != null) {
                    summaries.check();
                }
                measured.put(partitions, found);
            }
            return found;
        }
    }

    /**
     * The data of a job.
     *
     * @throws io.etastar.UserError if files are missing or not what their names say
     */
    public Sets of(Configuration configuration) {
        DataSettings settings = configuration.data();
        // Files are what they are whatever the seed.
        boolean drawn = settings.files().path() == null
                && !Formats.hasColumns(settings.files().source());
        boolean own = configuration.hasSummaryData()
                && configuration.optimizer().needs().contains(OptimizerSettings.Need.SUMMARY_BATCHES);
        Key key = new Key(settings, own ? configuration.summary().data() : null, drawn ? configuration.seed() : 0);
        Sets sets = opened.get(key);
        if (sets == null) {
            Rows train = Formats.open(configuration, true, null, spark);
            Known known = Known.of(train);
            sets = new Sets(
                    train,
                    Formats.open(configuration, false, known, spark),
                    own ? Formats.open(configuration.withSummaryData(), true, known, spark) : null);
            opened.put(key, sets);
        }
        return sets;
    }
}

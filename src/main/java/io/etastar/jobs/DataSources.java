package io.etastar.jobs;

import io.etastar.config.DataSettings;
import io.etastar.data.DataSource;
import io.etastar.data.DigitsSource;
import io.etastar.data.IdxSource;
import io.etastar.data.Standardisation;
import io.etastar.storage.StoredModel;

/** Data as a configuration or a stored model describes them. */
final class DataSources {
    private static final int DEFAULT_CLASSES = 10;

    private DataSources() {}

    /**
     * Training or test rows.
     *
     * @param seed splits data that come in one piece
     * @throws io.etastar.UserError where files are missing or not what their names say
     */
    static DataSource open(DataSettings settings, long seed, boolean train) {
        if (settings.source().equals("digits")) {
            return train ? DigitsSource.train(seed) : DigitsSource.test(seed);
        }
        int classes = settings.classes() == 0 ? DEFAULT_CLASSES : settings.classes();
        return IdxSource.open(settings.path(), train, classes);
    }

    /** What a model's features are standardised by, or null. */
    static Standardisation standardisation(StoredModel model) {
        return model.mean() == null ? null : new Standardisation(model.mean(), model.deviation());
    }
}

package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.storage.FileAccess;
import java.util.List;
import java.util.Objects;

/** Whether the test rows of a configuration are rows that a run was trained on. */
final class TestSplit {
    private TestSplit() {}

    /**
     * Holds the split of a configuration against that of a run on the same data; a model without a configuration has none.
     *
     * @param file of {@code given}, for messages
     * @param run directory of the run, or the model directory in it
     * @throws UserError if rows that the run was trained on would be test rows
     */
    static void check(String file, Configuration given, String run) {
        String stored = run.replaceFirst("/model/?$", "") + "/config.json";
        if (FileAccess.exists(FileAccess.path(stored))) {
            check(file, given, Configuration.ofRun(stored, List.of()), run);
        }
    }

    private static void check(String file, Configuration given, Configuration trained, String run) {
        DataSettings now = given.data();
        DataSettings then = trained.data();
        boolean same = now.files().source().equals(then.files().source())
                && Objects.equals(now.files().path(), then.files().path())
                && Objects.equals(now.reader().table(), then.reader().table());
        if (!same) {
            return;
        }
        boolean drawn = List.of("digits", "regression").contains(then.files().source());
        if (drawn && given.seed() != trained.seed()) {
            throw differs(file, "seed", given.seed(), trained.seed(), run);
        }
        if (!now.files().files().equals(then.files().files())) {
            throw differs(file, "data.files", now.files().files(), then.files().files(), run);
        }
        // Test rows are the last ones: those of a smaller share are among those of a larger one.
        if (now.splits() && !(now.files().testShare() <= then.files().testShare())) {
            throw differs(
                    file,
                    "data.test_share",
                    now.files().testShare(),
                    then.splits() ? then.files().testShare() : "nothing",
                    run);
        }
    }

    private static UserError differs(String file, String key, Object found, Object expected, String run) {
        return new UserError(
                UserError.Subject.key(file, key),
                found.toString(),
                expected + " as in " + run + ": rows that it was trained on would be test rows");
    }
}

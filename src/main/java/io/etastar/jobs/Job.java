package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.StorageFailure;
import io.etastar.tensor.DeviceFailure;
import io.etastar.training.TrainingDiverged;
import java.io.PrintStream;
import java.util.Map;
import org.apache.spark.SparkConf;

/** The common part of all main classes: exit codes and Spark's settings. */
final class Job {
    private static final String MASTERS = "local, local[N], local[*], spark://HOST:PORT, yarn or k8s://ADDRESS";

    private Job() {}

    /** The body of a job; may throw. */
    interface Body {
        void run() throws Exception;
    }

    /**
     * Runs {@code body}.
     *
     * @return 0 if it ends well; 2 after one line for the user's mistakes; 1 after one line for training that diverged,
     *     for a run's files that cannot be read or written and for a GPU's failure, and after a stack trace for all else
     */
    static int exitCode(PrintStream err, Body body) {
        DirectErrors.begin();
        try {
            // Files may be read before there is a context: what spark-submit was given counts from here on.
            HadoopSettings.use(new SparkConf());
            body.run();
            return 0;
        } catch (UserError error) {
            err.println("error: " + error.getMessage());
            return 2;
        } catch (TrainingDiverged | StorageFailure | DeviceFailure outside) {
            err.println("error: " + outside.getMessage());
            return 1;
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            UserError mistake = mistakeBehind(failure);
            if (mistake != null) {
                err.println("error: " + mistake.getMessage());
                return 2;
            }
            failure.printStackTrace(err);
            return 1;
        }
    }

    /** The mistake in the user's files that a task met, which Spark wraps, or null. */
    private static UserError mistakeBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserError mistake) {
                return mistake;
            }
        }
        return null;
    }

    /**
     * Ends the process. In cluster mode on YARN a job that went well returns instead: there an early exit counts as a failure,
     * whatever its code.
     */
    static void exit(int code) {
        if (code != 0
                || !new SparkConf().get("spark.submit.deployMode", "client").equals("cluster")) {
            System.exit(code);
        }
    }

    /**
     * Settings of a context; starts nothing.
     *
     * @param application name in Spark's UI
     * @param master null for spark-submit's own, else local[*]
     * @param settings by full name; they go before spark-submit's
     * @throws UserError if the master is no address of one, or nothing listens there
     */
    static SparkConf conf(String application, String master, Map<String, String> settings) {
        SparkConf conf = new SparkConf().setAppName(application);
        settings.forEach(conf::set);
        if (master != null) {
            conf.setMaster(master);
        } else if (!conf.contains("spark.master")) {
            conf.setMaster("local[*]");
        }
        String address = conf.get("spark.master");
        if (!address.matches("local(\\[.+])?|local-cluster\\[.+]|spark://.+|yarn|k8s://.+")) {
            throw new UserError(UserError.Subject.of("--master"), "'" + address + "'", MASTERS);
        }
        Contexts.requireListening(address);
        HadoopSettings.use(conf);
        return conf;
    }
}

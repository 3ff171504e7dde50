package io.etastar.jobs;

import io.etastar.UserError;
import java.io.PrintStream;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** What all main classes share: exit codes and the Spark context. */
final class Job {
    private Job() {}

    /** What a job does; may throw. */
    interface Body {
        void run() throws Exception;
    }

    /** Runs {@code body}: 0 where it ends well, 2 after one line for the user's mistakes, 1 after a stack trace for ours. */
    static int exitCode(PrintStream err, Body body) {
        try {
            body.run();
            return 0;
        } catch (UserError error) {
            err.println("error: " + error.getMessage());
            return 2;
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            failure.printStackTrace(err);
            return 1;
        }
    }

    /**
     * A context.
     *
     * @param application name in Spark's UI
     * @param master null for spark-submit's own, else local[*]
     * @param settings by full name; they go before spark-submit's
     */
    static JavaSparkContext spark(String application, String master, Map<String, String> settings) {
        SparkConf conf = new SparkConf().setAppName(application);
        settings.forEach(conf::set);
        if (master != null) {
            conf.setMaster(master);
        } else if (!conf.contains("spark.master")) {
            conf.setMaster("local[*]");
        }
        String address = conf.get("spark.master");
        if (!address.matches("local(\\[.+])?|local-cluster\\[.+]|spark://.+|yarn|k8s://.+")) {
            throw new UserError("--master: found '" + address
                    + "', expected local, local[N], local[*], spark://HOST:PORT, yarn or k8s://ADDRESS");
        }
        return new JavaSparkContext(conf);
    }
}

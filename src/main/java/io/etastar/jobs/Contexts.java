package io.etastar.jobs;

import io.etastar.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark contexts, and one line in place of a minute's wait and a stack trace if there is no master. */
final class Contexts {
    private static final String SCHEME = "spark://";
    /** Beginning of the id of an application that no master registered. */
    private static final String UNREGISTERED = "spark-application-";

    private static final int CONNECT_MILLISECONDS = 5000;

    private Contexts() {}

    /**
     * A context that the caller closes.
     *
     * @param conf of {@link Job#conf}
     * @throws UserError if a standalone master takes no application
     */
    static JavaSparkContext open(SparkConf conf) {
        String master = conf.get("spark.master");
        if (!master.startsWith(SCHEME)) {
            return new JavaSparkContext(conf);
        }
        try {
            JavaSparkContext context = new JavaSparkContext(conf);
            if (context.sc().applicationId().startsWith(UNREGISTERED)) {
                context.close();
                throw notTaken(master, null);
            }
            return context;
        } catch (IllegalStateException | NullPointerException failure) {
            if (stoppedWhileStarting(failure)) {
                throw notTaken(master, failure);
            }
            throw failure;
        }
    }

    private static UserError notTaken(String master, RuntimeException cause) {
        return new UserError(
                UserError.Subject.of("--master"),
                master + ", where something listens but no master took the application",
                "a running Spark master of version " + org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                cause);
    }

    /** Spark stops the context it is making if no master registers it; what then fails depends on how far it was. */
    private static boolean stoppedWhileStarting(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("stopped SparkContext") || message.contains("masters are unresponsive")) {
                return true;
            }
        }
        return failure instanceof NullPointerException
                && failure.getStackTrace().length > 0
                && failure.getStackTrace()[0].getClassName().startsWith("org.apache.spark.");
    }

    /**
     * Checks that something listens at a standalone master's address; of several masters one is enough, for the others may
     * be standing by.
     *
     * @param master of any kind; only those of standalone clusters are looked at
     * @throws UserError if nothing does
     */
    static void requireListening(String master) {
        if (!master.startsWith(SCHEME)) {
            return;
        }
        List<String> refused = new ArrayList<>();
        for (String address : master.substring(SCHEME.length()).split(",")) {
            String reason = reasonNotListening(master, address);
            if (reason == null) {
                return;
            }
            refused.add(reason);
        }
        throw new UserError(
                UserError.Subject.of("--master"),
                master + ", where no master answers (" + String.join("; ", refused) + ")",
                "the URL of a running Spark master");
    }

    private static String reasonNotListening(String master, String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
            throw new UserError(UserError.Subject.of("--master"), master, "spark://HOST:PORT");
        }
        String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port > 65535) {
            throw new UserError(UserError.Subject.of("--master"), "port " + port, "at most 65535");
        }
        try (Socket socket = new Socket()) {
            InetSocketAddress target = new InetSocketAddress(host, port);
            if (target.isUnresolved()) {
                return address + ": unknown host";
            }
            socket.connect(target, CONNECT_MILLISECONDS);
            return null;
        } catch (IOException e) {
            return address + ": " + e.getMessage();
        }
    }

    /** A context that is started when it is first asked for, so that mistakes that need no Spark are reported before. */
    static final class Lazy implements AutoCloseable {
        private final SparkConf conf;
        private JavaSparkContext context;

        Lazy(SparkConf conf) {
            this.conf = conf;
        }

        JavaSparkContext get() {
            if (context == null) {
                context = open(conf);
            }
            return context;
        }

        @Override
        public void close() {
            if (context != null) {
                context.close();
            }
        }
    }
}

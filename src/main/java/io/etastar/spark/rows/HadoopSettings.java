package io.etastar.spark.rows;

import io.etastar.storage.FileAccess;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Spark's Hadoop settings (credentials, default file system, mounts) for files that are read without Spark: those of
 * {@code spark.hadoop.*}, and those that a program sets at run time.
 */
public final class HadoopSettings {
    private static final String PREFIX = "spark.hadoop.";

    private HadoopSettings() {}

    /** Makes this process's file access use the settings, over those of Hadoop's own files. */
    public static void use(SparkConf conf) {
        Configuration hadoop = new Configuration(Defaults.LOADED);
        for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
            hadoop.set(setting._1(), setting._2());
        }
        FileAccess.configure(hadoop);
    }

    /** Makes this process's file access use what the session's own reads and writes use now. */
    public static void use(SparkSession session) {
        FileAccess.configure(((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .newHadoopConf());
    }

    /** The same for the session of this thread, or of this process, if there is one. */
    public static void useActive() {
        if (SparkSession.getActiveSession().isDefined()) {
            use(SparkSession.getActiveSession().get());
        } else if (SparkSession.getDefaultSession().isDefined()) {
            use(SparkSession.getDefaultSession().get());
        }
    }

    /** The settings of this process's file access that are not those of Hadoop's own files, to travel to executors. */
    static Changed changed() {
        Map<String, String> changes = new HashMap<>();
        for (Map.Entry<String, String> setting : FileAccess.configuration()) {
            String raw = FileAccess.configuration().getRaw(setting.getKey());
            if (raw != null && !raw.equals(Defaults.LOADED.getRaw(setting.getKey()))) {
                changes.put(setting.getKey(), raw);
            }
        }
        return new Changed(changes);
    }

    /**
     * Settings that a driver's process uses.
     *
     * @param settings by name
     */
    record Changed(Map<String, String> settings) implements Serializable {
        private static volatile Map<String, String> inUse;

        /** Makes an executor's file access use them, unless it does. */
        void use() {
            if (!settings.equals(inUse)) {
                Configuration hadoop = new Configuration(Defaults.LOADED);
                settings.forEach(hadoop::set);
                FileAccess.configure(hadoop);
                inUse = settings;
            }
        }
    }

    /** Hadoop's own files, read once: to read them takes 20 ms, a sixth of what a fit of 1000 rows needs beside its steps. */
    private static final class Defaults {
        static final Configuration LOADED = loaded();

        private Defaults() {}

        private static Configuration loaded() {
            Configuration hadoop = new Configuration();
            // A configuration reads its files when it is asked for the first time.
            hadoop.size();
            return hadoop;
        }
    }
}

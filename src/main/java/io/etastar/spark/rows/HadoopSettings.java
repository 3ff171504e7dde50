package io.etastar.spark.rows;

import io.etastar.storage.FileAccess;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** Spark's {@code spark.hadoop.*} settings (credentials, default file system) for files that are read without Spark. */
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

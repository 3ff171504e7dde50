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
        Configuration hadoop = new Configuration();
        for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
            hadoop.set(setting._1(), setting._2());
        }
        FileAccess.configure(hadoop);
    }
}

package io.etastar.spark.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.spark.SparkTestSession;
import io.etastar.storage.FileAccess;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {
    private static final String MOUNTED = "viewfs://mounted/data";

    @AfterEach
    void forget() {
        HadoopSettings.use(new SparkConf(false));
    }

    @Test
    void settingsOfSparkReachFileAccess() {
        assertThrows(UserError.class, () -> FileAccess.path(MOUNTED));
        SparkConf conf =
                new SparkConf(false).set("spark.hadoop.fs.viewfs.mounttable.mounted.link./data", "file:///tmp");
        HadoopSettings.use(conf);
        assertEquals(MOUNTED, FileAccess.path(MOUNTED).toString());
    }

    @Test
    @Tag("rough")
    void whatIsSetAtRunTimeTravelsToExecutors() {
        try (SparkTestSession test = SparkTestSession.open("local[1]", Map.of("spark.hadoop.a.key", "of the conf"))) {
            SparkSession session =
                    SparkSession.builder().sparkContext(test.context().sc()).getOrCreate();
            test.context().hadoopConfiguration().set("fs.s3a.secret.key", "of run time");
            session.conf().set("fs.s3a.endpoint", "of the session");
            HadoopSettings.use(session);
            HadoopSettings.Changed changed = HadoopSettings.changed();
            assertTrue(changed.settings().size() < 200, changed.settings().size() + " settings");
            FileAccess.configure(new Configuration(false));
            changed.use();
            Configuration there = FileAccess.configuration();
            assertEquals("of run time", there.get("fs.s3a.secret.key"));
            assertEquals("of the session", there.get("fs.s3a.endpoint"));
            assertEquals("of the conf", there.get("a.key"));
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                HadoopSettings.use(session);
            }
            double millis = (System.nanoTime() - begin) * 1e-6 / 20;
            assertFalse(millis > 20, millis + " ms: Hadoop's files are read again");
        } finally {
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
        }
    }
}

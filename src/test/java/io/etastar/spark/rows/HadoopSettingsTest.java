package io.etastar.spark.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
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
}

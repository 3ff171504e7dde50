package io.etastar.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileAccessTest {
    @AfterEach
    void restore() {
        FileAccess.configure(new Configuration());
    }

    private static void defaultFileSystem(String location) {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.defaultFS", location);
        FileAccess.configure(hadoop);
    }

    @Test
    void aLocalPathIsShownWithoutItsScheme() {
        defaultFileSystem("file:///");
        assertEquals("/runs/a", FileAccess.display(new Path("file:/runs/a")));
        assertEquals("hdfs://host:1/runs/a", FileAccess.display(new Path("hdfs://host:1/runs/a")));
    }

    /** Without its scheme it would lead to the default file system. */
    @Test
    void whereTheDefaultIsAnotherFileSystemTheSchemeStays() {
        defaultFileSystem("hdfs://host:1");
        assertEquals("file:/runs/a", FileAccess.display(new Path("file:/runs/a")));
        assertEquals("hdfs://host:1/runs/a", FileAccess.display(new Path("hdfs://host:1/runs/a")));
    }
}

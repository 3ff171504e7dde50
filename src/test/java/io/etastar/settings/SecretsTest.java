package io.etastar.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may hold a secret goes to Spark and nowhere else. */
class SecretsTest {
    private static final String SECRET = "hunter2";

    @TempDir
    Path directory;

    private Configuration load(String settings, String... overrides) throws IOException {
        Path file = directory.resolve("job.conf");
        Files.writeString(file, "model.layers = [64, 10]\nspark.conf {" + settings + "}\n");
        return Configuration.load(file.toString(), List.of(overrides));
    }

    @Test
    void theWrittenConfigurationIsTheSameWithAnotherSecretOrNone() throws IOException {
        String open = "\"spark.authenticate\" = true, ";
        String with = load(open + "\"spark.authenticate.secret\" = " + SECRET
                        + ", spark.hadoop.fs.s3a.access.key = AK1")
                .resolved();
        assertFalse(with.contains(SECRET) || with.contains("AK1"), with);
        assertTrue(with.contains("spark.authenticate"), with);
        assertEquals(with, load(open + "\"spark.authenticate.secret\" = other").resolved());
        assertEquals(with, load(open).resolved());
    }

    @Test
    void valuesThatLookLikeSecretsAndARegexOfOnesOwn() throws IOException {
        String options = "spark.executor.extraJavaOptions = \"-Dstore.password=" + SECRET + "\"";
        assertFalse(load(options).resolved().contains(SECRET));
        String own = "spark.redaction.regex = pin, spark.my.pin = " + SECRET + ", spark.my.token = shown";
        assertFalse(load(own).resolved().contains(SECRET));
        assertTrue(load(own).resolved().contains("shown"));
    }

    @Test
    void sparkGetsThem() throws IOException {
        assertEquals(
                SECRET, load("spark.authenticate.secret = " + SECRET).spark().get("spark.authenticate.secret"));
    }

    @Test
    void errorsDoNotQuoteThem() {
        String list = assertThrows(
                        UserError.class, () -> load("spark.authenticate.secret = " + SECRET + ", spark.x = [1]"))
                .getMessage();
        assertTrue(list.contains("key 'spark.conf': found a value that may hold a secret"), list);
        String key = "spark.conf.\"spark.authenticate.secret\"";
        String override = assertThrows(UserError.class, () -> load("", key + "=[" + SECRET + "]"))
                .getMessage();
        assertFalse(override.contains(SECRET), override);
    }
}

package io.etastar.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    Path directory;

    private static String error(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(UserError.class, call).getMessage();
    }

    @Test
    void writesTheConfigurationFirstAndNothingElse() throws IOException {
        Path path = directory.resolve("a/b");
        RunDirectory run = RunDirectory.create(path.toString(), "{\"seed\" : 1}\n");
        assertEquals(path.toString(), run.path());
        try (var files = Files.list(path)) {
            assertEquals(List.of(path.resolve("config.json")), files.toList());
        }
        assertEquals("{\"seed\" : 1}\n", Files.readString(path.resolve("config.json")));
    }

    @Test
    void refusesADirectoryThatHoldsARun() throws IOException {
        String path = directory.toString();
        RunDirectory.create(path, "{}");
        assertEquals(
                "output " + path
                        + ": found a run (config.json), expected a new directory, or --resume to go on with that"
                        + " run",
                error(() -> RunDirectory.create(path, "{}")));
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(
                "output " + file + ": found a file, expected a new directory",
                error(() -> RunDirectory.create(file.toString(), "{}")));
        Path model = Files.createDirectories(directory.resolve("other/model"));
        assertTrue(error(() -> RunDirectory.checkFree(model.getParent().toString()))
                .contains("found a run (model)"));
    }

    @Test
    void resumesWithTheSameConfigurationOnly() {
        String path = directory.resolve("run").toString();
        assertEquals(
                "output " + path + ": found no config.json, expected a run to resume",
                error(() -> RunDirectory.resume(path, "{}")));
        RunDirectory.create(path, "{\"b\": {\"x\": 1, \"y\": [1, 2]}, \"z\": 0.5}");
        assertEquals(
                path,
                RunDirectory.resume(path, "{\"z\":0.50,\"b\":{\"y\":[1,2],\"x\":1}}")
                        .path());
        assertEquals(
                path
                        + "/config.json: key 'b.y': found [1,2] in the run to resume, expected [1,3] as in the configuration"
                        + " now",
                error(() -> RunDirectory.resume(path, "{\"b\": {\"x\": 1, \"y\": [1, 3]}, \"z\": 0.7}")));
        String shown = "{\"b\": {\"x\": 1, \"y\": [1, 2]}, \"z\": 0.5, \"report\": {\"refresh_seconds\": 9}}";
        assertEquals(path, RunDirectory.resume(path, shown).path());
        assertTrue(error(() -> RunDirectory.resume(path, "{\"b\": {\"x\": 1, \"y\": [1, 2]}}"))
                .contains("key 'z': found 0.5 in the run to resume, expected nothing"));
    }

    @Test
    void aRunOfAnEarlierVersionResumesUnderThePresentNamesOfItsKeys() {
        String path = directory.resolve("earlier").toString();
        RunDirectory.create(path, "{\"training\": {\"epochs\": 3, \"hg_batch\": 50, \"hg_data\": \"drawn\"}}");
        String now = "{\"training\": {\"epochs\": 3}, \"summary\": {\"batch\": 50, \"rows\": \"drawn\"}}";
        assertEquals(path, RunDirectory.resume(path, now).path());
        assertTrue(
                error(() -> RunDirectory.resume(path, now.replace("50", "60"))).contains("key 'summary.batch'"));
    }

    /** The default of a key is what was done before there was the key. */
    @Test
    void aRunFromBeforeAKeyResumesWithItsDefault() {
        String path = directory.resolve("earlier").toString();
        RunDirectory.create(path, "{\"training\": {\"epochs\": 3}}");
        String now = "{\"training\": {\"epochs\": 3}, \"data\": {\"path\": null, \"csv\":"
                + " {\"missing\": [\"NA\", \"N/A\", \"NaN\", \"nan\", \"null\", \"NULL\", \"None\", \"?\", \"-\"]}},"
                + " \"optimizer\": {\"confirm\": true, \"rate_bound\": 2.0}}";
        assertEquals(path, RunDirectory.resume(path, now).path());
        assertEquals(
                path + "/config.json: key 'optimizer.confirm': found nothing in the run to resume, expected false as in"
                        + " the configuration now",
                error(() -> RunDirectory.resume(path, now.replace("true", "false"))));
        assertTrue(error(() -> RunDirectory.resume(path, now.replace("null,", "\"a\",")))
                .contains("key 'data.path': found nothing in the run to resume"));
    }

    @Test
    void resumesOnOtherPartitionsOnlyWhereThatIsWanted() throws IOException {
        String path = directory.resolve("run").toString();
        String before = "{\"data\": {\"partitions\": 2, \"path\": null}}";
        String now = "{\"data\": {\"partitions\": 4, \"path\": null}}";
        RunDirectory.create(path, before);
        assertEquals(
                path
                        + "/config.json: key 'data.partitions': found 2 in the run to resume, expected 4 as in the"
                        + " configuration now; --allow-other-partitions goes on with these, at the price of a result that"
                        + " is not bit-equal",
                error(() -> RunDirectory.resume(path, now, false)));
        assertNull(RunDirectory.resume(path, before, true).partitionsBefore());
        assertEquals("2", RunDirectory.resume(path, now, true).partitionsBefore());
        assertEquals(now, Files.readString(Path.of(path, "config.json")));
        assertTrue(error(() -> RunDirectory.resume(path, "{\"data\": {\"partitions\": 4, \"path\": \"a\"}}", true))
                .contains("key 'data.path': found null in the run to resume"));
    }

    @Test
    void saysWhyAPlaceCannotBeUsed() {
        String message = error(() -> RunDirectory.create("nosuch://host/run", "{}"));
        assertTrue(message.startsWith("output nosuch://host/run: found a place that cannot be used"), message);
        assertFalse(message.contains("\n"));
    }

    @Test
    void aRunKeepsWhatItsPlanDecided() throws IOException {
        Path job = Files.writeString(directory.resolve("job.conf"), "model.layers = [64, 10]\n");
        Configuration given = Configuration.load(job.toString(), List.of());
        String path = directory.resolve("planned").toString();
        assertSame(given, RunDirectory.decided(path, given), "no run");
        RunDirectory.create(path, given.planned(37, 20, 5).resolved());
        Configuration decided = RunDirectory.decided(path, given);
        assertEquals(37, decided.training().length().batch());
        assertEquals(20, decided.summary().batch());
        assertEquals("batch", decided.summary().rows());
        assertEquals(5, decided.data().rows().partitions());
        RunDirectory.resume(path, decided.resolved());
        Configuration own = Configuration.load(job.toString(), List.of("training.batch=40"));
        assertEquals(40, RunDirectory.decided(path, own).training().length().batch());
    }

    @Test
    void aRunWhoseStepsWereJobsGoesOnWithManyStepsAJob() {
        String path = directory.resolve("steps").toString();
        RunDirectory.create(path, "{\"training\": {\"sync\": \"step\"}}");
        RunDirectory.resume(path, "{\"training\": {\"sync\": \"auto\"}}");
        assertTrue(error(() -> RunDirectory.resume(path, "{\"training\": {\"sync\": \"period\"}}"))
                .contains("key 'training.sync': found \"step\" in the run to resume"));
    }
}

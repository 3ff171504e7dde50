package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.prepared.ManifestFile;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.SparkTestSession;
import io.etastar.storage.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark reads by the name of a format, or as a table. */
class SparkSourceTest {
    private static final String[] JOBS = {"clerk", "nurse", "smith"};

    @TempDir
    static Path directory;

    /** 300 people, the label told by the job: JSON lines, and the same in other formats. */
    @BeforeAll
    static void write() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add(person(i));
        }
        Files.write(directory.resolve("people.json"), lines);
        Files.write(directory.resolve("few.json"), lines.subList(30, 90));
        try (SparkTestSession session = SparkTestSession.open("local[1]")) {
            SparkSession sql =
                    SparkSession.builder().sparkContext(session.context().sc()).getOrCreate();
            Dataset<Row> people = sql.read().json(at("people.json"));
            for (String format : List.of("orc", "parquet", "avro")) {
                people.coalesce(1).write().format(format).save(at("people." + format));
            }
        }
        Files.writeString(directory.resolve("a.conf"), """
                model.hidden_layers = [8]
                data { label = member.label, weight = member.weight, features = [age, job, home.town, home.rent] }
                optimizer { name = adam, lr = 0.02 }
                training { batch = 20, epochs = 8 }
                """);
    }

    /** Without an age in one row of ten, without a home in one of seven. */
    private static String person(int i) {
        String age = i % 10 == 3 ? "" : "\"age\":" + (20 + i % 50) + ",";
        String home = i % 7 == 5 ? "" : "\"home\":{\"town\":\"town" + i % 4 + "\",\"rent\":" + i % 17 + "},";
        return "{" + age + home + "\"job\":\"" + JOBS[i % 3] + "\",\"member\":{\"label\":\""
                + (i % 3 == 1 ? "yes" : "no") + "\",\"weight\":" + (1 + i % 2) + "}}";
    }

    private static String at(String name) {
        return directory.resolve(name).toString();
    }

    private static JobRun run(JobRun.Main main, List<String> first, String... settings) {
        List<String> arguments = new ArrayList<>(first);
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return JobRun.of(main, arguments.toArray(String[]::new));
    }

    private static JobRun train(String output, String... settings) {
        JobRun run = run(Train::run, List.of(at("a.conf"), "--output", at(output)), settings);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(1, run.figure("test_accuracy"), run.out());
        return run;
    }

    private static String refused(String... settings) {
        JobRun run = run(Train::run, List.of(at("a.conf"), "--output", at("refused")), settings);
        assertEquals(2, run.exitCode(), run.err());
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("error: ")).toList();
        assertEquals(1, lines.size(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        return lines.get(0).replace(directory.toString(), "DIR");
    }

    private static String[] spark(String format, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("data.source=spark", "data.format=" + format, "data.path=" + at("people." + format)));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orc", "json", "avro", "parquet"})
    void formatsTrainAndAreEvaluated(String format) throws IOException {
        train(format, spark(format, "data.test_share=0.2"));
        String again = JobRun.good(Evaluate::run, "--model", at(format)).out();
        assertTrue(again.contains("test_accuracy=1.0000"), again);
        JobRun other = run(
                Evaluate::run,
                List.of("--model", at(format), at("a.conf")),
                "data.source=json",
                "data.path=" + at("people.json"),
                "data.test_path=" + at("few.json"));
        assertEquals(0, other.exitCode(), other.err());
        assertEquals(
                List.of("age", "job", "home.town", "home.rent"),
                ModelDirectory.read(at(format)).table().names());
        assertTrue(ModelDirectory.read(at(format)).table().columns().get(0).gaps(), "no age is a gap");
    }

    @Test
    void shortNamesReadWhatTheLongOnesRead() throws IOException {
        for (String format : List.of("orc", "json")) {
            train(
                    "short-" + format,
                    "data.source=" + format,
                    "data.path=" + at("people." + format),
                    "data.test_share=0.2");
            train("long-" + format, spark(format, "data.test_share=0.2"));
            assertEquals(
                    JobRun.files(directory.resolve("short-" + format + "/model")),
                    JobRun.files(directory.resolve("long-" + format + "/model")));
        }
    }

    @Test
    void optionsGoToSparkAsTheyAre() throws IOException {
        List<String> lines = new ArrayList<>(List.of("job;label"));
        for (int i = 0; i < 60; i++) {
            lines.add(JOBS[i % 3] + ";" + i % 3);
        }
        Files.write(directory.resolve("jobs.csv"), lines);
        String[] settings = {
            "data.source=spark",
            "data.format=csv",
            "data.path=" + at("jobs.csv"),
            "data.test_share=0.2",
            "data.label=label",
            "data.weight=null",
            "data.features=[job]",
            "data.options={SEP=\";\", Header=true, inferSchema=true}"
        };
        train("options", settings);
        String config = Files.readString(directory.resolve("options/config.json"));
        assertTrue(config.contains("\"SEP\" : \";\""), config);
        assertEquals(
                "error: DIR/a.conf: key 'data.options': found {Header=true, header=false}, expected 'header' once: case"
                        + " makes no difference",
                refused(
                                "data.source=spark",
                                "data.format=csv",
                                "data.path=x",
                                "data.test_share=0.2",
                                "data.options={header=false, Header=true}")
                        .replaceAll("^error: .*: key", "error: DIR/a.conf: key")
                        .replaceAll("found \\{.*}, ", "found {Header=true, header=false}, "));
    }

    @Test
    void aRunIsResumedWithItsRowsAlone() throws IOException {
        Path file = Files.copy(directory.resolve("people.json"), directory.resolve("changing.json"));
        String[] settings = {"data.source=spark", "data.format=json", "data.path=" + file, "data.test_share=0.2"};
        List<String> command = List.of(at("a.conf"), "--output", at("resumed"));
        assertEquals(0, run(Train::run, command, settings).exitCode());
        List<String> again = new ArrayList<>(command);
        again.add("--resume");
        assertEquals(0, run(Train::run, again, settings).exitCode());
        List<String> lines = Files.readAllLines(file);
        lines.set(3, lines.get(4));
        Files.write(file, lines);
        JobRun other = run(Train::run, again, settings);
        assertEquals(2, other.exitCode(), other.err());
        assertTrue(other.err().contains("training rows"), other.err());
    }

    @Test
    void summariesHaveFormatsOfTheirOwn() {
        String[] newton = {"optimizer={name=newton-summary, period=2, damping=0.5}", "summary.batch=60"};
        String[] settings = spark("orc", "data.test_share=0.2", newton[0], newton[1]);
        List<String> command = List.of(at("a.conf"), "--output");
        for (String own : List.of(
                "summary.data={source=json, path=\"" + at("people.json") + "\"}",
                "summary.data={format=avro, path=\"" + at("people.avro") + "\"}",
                "summary.data.path=" + at("people.orc"))) {
            List<String> arguments = new ArrayList<>(command);
            arguments.add(at("own-" + own.hashCode()));
            List<String> all = new ArrayList<>(List.of(settings));
            all.add(own);
            JobRun run = run(Train::run, arguments, all.toArray(String[]::new));
            assertEquals(0, run.exitCode(), own + "\n" + run.err());
        }
    }

    @Test
    void rowsArePrepared() {
        for (String format : List.of("orc", "avro", "json")) {
            JobRun.good(
                    PrepareData::run,
                    "spark",
                    at("people." + format),
                    "--format",
                    format,
                    "--test-path",
                    at("people." + format),
                    "--features",
                    "member.weight",
                    "--label",
                    "member.label",
                    "--output",
                    at("prepared-" + format));
            assertEquals(
                    List.of("no", "yes"),
                    ManifestFile.read(at("prepared-" + format)).targets().classNames());
        }
    }

    @Test
    void aTableOfTheCatalogIsRead() throws IOException {
        try (SparkTestSession session =
                SparkTestSession.open("local[2]", Map.of("spark.sql.warehouse.dir", at("warehouse")))) {
            SparkSession sql =
                    SparkSession.builder().sparkContext(session.context().sc()).getOrCreate();
            sql.sql("create schema towns");
            sql.read().json(at("people.json")).coalesce(1).write().saveAsTable("towns.people");
            sql.read().json(at("few.json")).coalesce(1).write().saveAsTable("towns.few");
            JobData data = new JobData(session::context);
            for (String table : List.of("towns.people", "spark_catalog.towns.people")) {
                JobData.Sets sets = data.of(Configuration.load(
                        at("a.conf"),
                        List.of("data.source=spark", "data.table=" + table, "data.test_table=towns.few")));
                assertEquals(300, sets.train().count());
                assertEquals(60, sets.test().count());
                assertEquals(List.of("no", "yes"), sets.test().stored().classNames());
            }
            JobData.Sets share = data.of(Configuration.load(
                    at("a.conf"), List.of("data.source=spark", "data.table=towns.people", "data.test_share=0.1")));
            assertEquals(270, share.train().count());
            JobData.Sets own = data.of(Configuration.load(
                    at("a.conf"),
                    List.of(
                            "data.source=spark",
                            "data.table=towns.people",
                            "data.test_share=0.1",
                            "optimizer.name=newton-summary",
                            "summary.data.table=towns.few")));
            assertEquals(60, own.summaries().count());
        }
    }

    @Test
    void whatIsNotThereIsOneLine() throws IOException {
        Files.writeString(directory.resolve("broken.json"), "{\"a\":1}\n{\"a\":\n");
        assertEquals(
                "error: data.format: found 'delta', which no jar provides, expected a format that spark.read.format takes;"
                        + " its jar comes by --packages io.delta:delta-spark_4.1_2.13:4.4.0 --conf"
                        + " spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension --conf"
                        + " spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
                refused("data.source=spark", "data.format=delta", "data.path=" + at("x"), "data.test_share=0.2"));
        assertEquals(
                "error: data.table: found 'a.b' (no table of that name), expected a table of the session's catalogs;"
                        + " spark.conf { spark.sql.catalog.NAME = CLASS } sets up a catalog, --packages brings its jar",
                refused("data.source=spark", "data.table=a.b", "data.test_share=0.2"));
        for (String table : List.of("nowhere.a.b", "a b c", "\"a..b\"")) {
            assertTrue(refused("data.source=spark", "data.table=" + table, "data.test_share=0.2")
                    .startsWith("error: data.table: found '" + table.replace("\"", "") + "' ("));
        }
        assertTrue(refused(spark("orc", "data.path=" + at("none.orc"), "data.test_share=0.2"))
                .startsWith("error: DIR/none.orc: found no readable orc data: [PATH_NOT_FOUND]"));
        assertTrue(refused(spark("orc", "data.path=" + at("people.json"), "data.test_share=0.2"))
                .startsWith("error: DIR/people.json: found no readable orc data: "));
        assertTrue(refused("data.source=json", "data.path=" + at("broken.json"), "data.test_share=0.2")
                .startsWith("error: DIR/broken.json: found no readable json data: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.source=spark | data.format': found nothing, expected the name of a format",
                "data.source=spark data.format=orc | data.path': found nothing, expected a file or directory of orc",
                "data.source=spark data.path=p | data.format': found nothing, expected the name of a format",
                "data.source=spark data.path=p data.table=t | data.table': found \"t\", expected no such key: data.path",
                "data.source=spark data.format=orc data.table=t | data.format': found \"orc\", expected no such key",
                "data.source=spark data.format=orc data.path=p | data.test_path': found nothing, expected a path, or",
                "data.source=spark data.table=t | data.test_table': found nothing, expected a table, or data.test_share",
                "data.source=spark data.table=t data.test_path=p | data.test_path': found \"p\", expected no such key",
                "data.source=spark data.format=orc data.path=p data.test_table=t | data.test_table': found \"t\"",
                "data.source=spark data.format=orc data.path=p data.options.Path=q | data.options': found",
                "data.source=spark data.format=orc data.path=p data.options={a=[1]} | block of texts, numbers and",
                "data.source=csv data.path=p data.format=orc | data.format': found \"orc\", expected no such key: it is for"
                        + " source spark, not csv",
                "data.source=csv data.path=p data.options.header=true | data.options': found {\"header\":true}, expected no",
                "data.source=parquet data.path=p data.table=t | data.table': found \"t\", expected no such key",
                "data.source=parquet data.path=p data.csv.header=false | data.csv.header': found false, expected no such",
                "data.source=npz data.path=p data.csv.separator=x | data.csv.separator': found \"x\", expected no such key: it"
                        + " is for source csv, not npz",
                "data.source=csv data.path=p data.layout=channels-last | data.layout': found \"channels-last\", expected no",
                "data.source=csv data.path=p summary.data.table=t | summary.data.table': found \"t\", expected no such key",
                "data.source=csv data.path=p summary.data={source=orc,path=p,options={a=b}} | summary.data.options': found",
                "data.source=csv data.path=p summary.data={source=spark,path=p} | summary.data.format': found nothing",
                "data.source=csv data.path=p summary.data={source=spark,format=orc} | summary.data.path': found nothing",
            })
    void keysOfAnotherSourceAreRefused(String settings, String message) {
        List<String> all = new ArrayList<>(List.of(settings.split(" ")));
        if (!settings.contains("test_") && !message.contains("test_")) {
            all.add("data.test_share=0.2");
        }
        all.add("data.label=null");
        all.add("data.weight=null");
        all.add("data.features=null");
        String refused = refused(all.toArray(String[]::new));
        assertTrue(refused.contains(message), refused);
    }
}

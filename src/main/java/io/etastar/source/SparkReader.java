package io.etastar.source;

import io.etastar.UserError;
import io.etastar.settings.DataSettings;
import io.etastar.storage.FileAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.execution.datasources.v2.FileTable;
import scala.jdk.javaapi.CollectionConverters;

/** Files of any format, and tables of any catalog, as {@code spark.read} reads them. */
final class SparkReader {
    /** Formats whose readers make rows of nulls of what they cannot parse, unless they are told to fail. */
    private static final Set<String> PERMISSIVE = Set.of("json", "csv", "xml");

    /** Packages of formats that do not come with Spark. */
    private static final Map<String, String> PACKAGES = Map.of(
            "avro", "org.apache.spark:spark-avro_2.13:4.1.1",
            "delta",
                    "io.delta:delta-spark_4.1_2.13:4.4.0"
                            + " --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension"
                            + " --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "iceberg", "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0");

    private SparkReader() {}

    /**
     * A place where rows are.
     *
     * @param format name as spark.read takes it; null for a table
     * @param options of the format
     * @param path of files; null for a table, and for formats whose options say where the rows are
     * @param table name of a table; null for files
     */
    record Place(String format, Map<String, String> options, String path, String table) {
        /** What a source reads: the format of that name, or what the reader's settings say if that is spark. */
        static Place of(String source, DataSettings.Reader reader, String path, String table) {
            return source.equals("spark")
                    ? new Place(reader.format(), reader.options(), path, table)
                    : new Place(source, Map.of(), path, null);
        }

        /** Names it in messages. */
        String name() {
            return table != null ? table : path != null ? path : format;
        }

        /** The format's name in messages. */
        String kind() {
            return table != null ? "table" : format;
        }

        boolean is(String other) {
            return other.equalsIgnoreCase(format);
        }
    }

    /**
     * Opens files or a table.
     *
     * @throws UserError if nothing is there, it is not of that format, or the format's jar is missing
     */
    static Dataset<Row> read(SparkSession session, Place place) {
        try {
            return place.table() != null ? session.table(place.table()) : load(session, place);
            // Readers throw what they like: AnalysisException is checked, jars of another version do not link.
        } catch (Exception | LinkageError failure) {
            throw failure instanceof UserError known ? known : refused(place, failure);
        }
    }

    private static Dataset<Row> load(SparkSession session, Place place) {
        DataFrameReader reader = session.read().format(place.format());
        if (PERMISSIVE.contains(place.format().toLowerCase(Locale.ROOT))) {
            reader = reader.option("mode", "FAILFAST");
        }
        if (place.path() == null) {
            return reader.options(place.options()).load();
        }
        return reader.option("__globPaths__", "false")
                .options(place.options())
                .load(FileAccess.path(place.path()).toString());
    }

    /** Columns whose values are in the names of directories, such as {@code fold=0}. */
    static Set<String> partitions(Dataset<Row> frame) {
        Set<String> names = new HashSet<>();
        LogicalPlan plan = ((org.apache.spark.sql.classic.Dataset<Row>) frame)
                .queryExecution()
                .analyzed();
        for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
            if (leaf instanceof LogicalRelation read && read.relation() instanceof HadoopFsRelation files) {
                names.addAll(List.of(files.partitionSchema().fieldNames()));
            } else if (leaf instanceof DataSourceV2Relation read && read.table() instanceof FileTable files) {
                names.addAll(List.of(files.fileIndex().partitionSchema().fieldNames()));
            }
        }
        return names;
    }

    private static UserError refused(Place place, Throwable failure) {
        Throwable cause = failure;
        boolean unknown = false;
        boolean bare = false;
        while (true) {
            unknown |= "DATA_SOURCE_NOT_FOUND".equals(condition(cause))
                    || String.valueOf(cause.getMessage()).contains("Failed to find data source");
            bare |= String.valueOf(cause.getMessage()).contains("[DELTA_CONFIGURE_SPARK_SESSION");
            if (cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        if ((unknown || bare) && place.table() == null) {
            return new UserError(
                    UserError.Subject.setting("data.format"),
                    "'" + place.format() + "', "
                            + (bare ? "of which the session knows nothing" : "which no jar provides"),
                    "a format that spark.read.format takes; its jar comes by --packages "
                            + PACKAGES.getOrDefault(place.format().toLowerCase(Locale.ROOT), "GROUP:NAME:VERSION"),
                    failure);
        }
        String reason = reason(failure, cause);
        if (place.table() != null) {
            return new UserError(
                    UserError.Subject.setting("data.table"),
                    "'" + place.table() + "' (" + reason + ")",
                    "a table of the session's catalogs; spark.conf { spark.sql.catalog.NAME = CLASS } sets up a"
                            + " catalog, --packages brings its jar",
                    failure);
        }
        return new UserError(place.name() + ": found no readable " + place.kind() + " data: " + reason, failure);
    }

    private static String reason(Throwable failure, Throwable cause) {
        String condition = condition(failure);
        if (condition != null && condition.startsWith("TABLE_OR_VIEW_NOT_FOUND")) {
            return "no table of that name";
        }
        String text = FileAccess.firstLine(cause);
        return cause instanceof LinkageError || cause instanceof ClassNotFoundException
                ? cause.getClass().getSimpleName() + ": " + text
                : text;
    }

    private static String condition(Throwable failure) {
        return failure instanceof SparkThrowable thrown ? thrown.getCondition() : null;
    }
}

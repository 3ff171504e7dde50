package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.RowShape;
import io.etastar.data.prepared.Checksums;
import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.RowHash;
import io.etastar.frame.FrameColumns;
import io.etastar.source.Formats;
import io.etastar.source.FrameFiles;
import io.etastar.spark.rows.Preparation;
import io.etastar.spark.rows.Rows;
import io.etastar.tensor.DType;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Writes data of any format as Parquet files with a manifest, which {@code data.source = prepared} trains on. */
public final class PrepareData {
    /** Features of a file's rows in single precision, if nothing else is said. */
    private static final int FILE_BYTES = 32 << 20;

    private PrepareData() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = PrepareOptions.declare(out).read(args);
            if (arguments == null) {
                return;
            }
            if (arguments.has("verify")) {
                if (arguments.values().size() > 1) {
                    throw new UserError(UserError.Subject.option("verify"), "other arguments", "it alone");
                }
                out.println("result files=" + Checksums.verify(arguments.get("verify")));
            } else {
                prepare(new PrepareOptions(arguments), out, err);
            }
        });
    }

    private static void prepare(PrepareOptions options, PrintStream out, PrintStream err) {
        Preparation.checkFree(options.output());
        SparkConf conf = Job.conf("EtaStar prepare-data", options.master(), Map.of());
        try (Contexts.Lazy spark = new Contexts.Lazy(conf);
                Parts parts = new Parts(Formats.open(options.request(), spark::get))) {
            parts.check(options.classes());
            Formats.PrepareRequest request = options.request();
            String source = request.place() == null ? request.kind() : request.kind() + " " + request.place();
            Preparation preparation = new Preparation(source, parts.rows.get(0).shape(), options.split());
            Manifest manifest = FrameFiles.reading(
                    request.place(),
                    request.kind(),
                    () -> preparation.write(parts.lay(spark.get(), options), options.output()));
            err.println("data: " + options.output());
            out.println(result(manifest));
        }
    }

    /** Training rows, and test rows if there are any. */
    private record Parts(List<Rows> rows) implements AutoCloseable {
        void check(int classes) {
            for (Rows part : rows) {
                RowShape shape = part.stored();
                if (classes != FrameColumns.FOUND && shape.classes() != classes) {
                    throw new UserError(
                            UserError.Subject.option("classes"),
                            classes,
                            shape.classes() + ", those of " + shape.description());
                }
                part.check();
            }
        }

        /** Each part laid out as files, split by a hash of each row. */
        List<Preparation.Input> lay(JavaSparkContext context, PrepareOptions options) {
            List<Preparation.Input> inputs = new ArrayList<>();
            for (Rows part : rows) {
                boolean test = part != rows.get(0) && !options.pooled();
                double[] shares =
                        test ? new double[] {0, 0, 1} : options.split().shares();
                RowHash hash = new RowHash(shares, options.seed());
                inputs.add(new Preparation.Input(
                        part.lay(context, files(part, options)).map(shard -> shard.roundedTo(DType.FLOAT)), hash));
            }
            return inputs;
        }

        private static int files(Rows part, PrepareOptions options) {
            int standard = Math.max(1, FILE_BYTES / Float.BYTES / part.shape().featureLength());
            int most = options.rowsPerFile(standard);
            return (part.count() + most - 1) / most;
        }

        @Override
        public void close() {
            rows.forEach(Rows::close);
        }
    }

    private static String result(Manifest manifest) {
        StringBuilder line = new StringBuilder("result");
        long files = 0;
        long bytes = 0;
        for (String name : Manifest.PARTS) {
            Manifest.Part part = manifest.part(name);
            line.append(' ').append(name).append("_rows=").append(part == null ? 0 : part.rows());
            files += part == null ? 0 : part.files().size();
            bytes += part == null
                    ? 0
                    : part.files().stream().mapToLong(Manifest.DataFile::bytes).sum();
        }
        return line.append(" files=")
                .append(files)
                .append(" bytes=")
                .append(bytes)
                .toString();
    }
}

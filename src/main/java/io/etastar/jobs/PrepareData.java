package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.prepared.Checksums;
import io.etastar.data.prepared.Manifest;
import io.etastar.spark.rows.Preparation;
import java.io.PrintStream;
import java.util.Map;
import org.apache.spark.SparkConf;

/** Writes data of any format as Parquet files with a manifest, which {@code data.source = prepared} trains on. */
public final class PrepareData {
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
                    throw new UserError("command line: --verify: found other arguments, expected it alone");
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
        try (LazyContext spark = new LazyContext(conf);
                PrepareInput input = PrepareInput.open(options, spark)) {
            Preparation preparation = new Preparation(input.description(), input.shape(), options.split());
            Manifest manifest = FrameFiles.reading(
                    options.path(), options.format(), () -> preparation.write(input.shards(), options.output()));
            err.println("data: " + options.output());
            out.println(result(manifest));
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

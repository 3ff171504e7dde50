package io.etastar.jobs;

import io.etastar.spark.check.DeviceCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The derivative summary of a model, its own or given parameters, on given data: a look at the curvature. */
public final class Summarize {
    private Summarize() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/summarize.sh", "Derivative summary of a model along a direction.", out)
                    .argument("CASE", false, "model and partition, keys on top level; not needed with --model")
                    .option("parameters", "P.npz", "parameters by name; by default those of the case's file")
                    .option("model", "DIR", "directory of a run, in place of --parameters")
                    .option("direction", "U.npz|gradient", "direction by name; by default gradient")
                    .option(
                            "dense-layout",
                            "in-out|out-in",
                            "dense weights of .npz files [in, out] (default) or [out, in] (PyTorch)")
                    .option(
                            "data",
                            "D.npz",
                            "arrays x [N, ...], y: [N] int64 classes or [N, ...] targets, perhaps w [N]: weights")
                    .option("check", "C.npz|none", "other rows to measure steps on; by default one half of the rows")
                    .option("expect-loss", "L", "the loss in another program: an error if it is not that")
                    .option("dtype", "float|double", "precision; by default double")
                    .option("damping-int", "L,L,...", "weights of the cubic term to solve for; by default 1")
                    .option("partition", "SPEC", "subsets of the parameters, in place of the case's")
                    .option("curvature", "hessian|ggn", "H of the loss, or the Gauss-Newton matrix; by default hessian")
                    .option("order", "D", "all derivatives of this order in the subsets' rates as well")
                    .option("top-eigenvalues", "K", "the K largest eigenvalues of the full Hessian as well")
                    .option("partitions", "N", "shards of the data, each a task of every pass; by default 1")
                    .option("backend", "cpu|cuda", "what executors compute on; by default cpu")
                    .option(
                            "cuda-libraries",
                            "DIR",
                            "folder of CUDA's libraries on each machine, as engine.cuda_libraries")
                    .option("output", "OUT.json", "new file to write")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                summarize(arguments, out);
            }
        });
    }

    private static void summarize(CommandLine.Arguments arguments, PrintStream out) throws IOException {
        SummaryOutput output = new SummaryOutput(arguments.required("output", "the JSON file to write"));
        SummaryOptions options = SummaryOptions.of(arguments);
        SparkConf conf = Job.conf("EtaStar summarize", arguments.get("master"), Map.of());
        SummaryProblem problem = SummaryProblem.of(arguments);
        SummaryRun run = SummaryRun.of(arguments, problem, options);
        output.prepare();
        try (JavaSparkContext context = Contexts.open(conf)) {
            DeviceCheck.run(context, options.backend());
            run.on(context, output, out);
        }
    }
}

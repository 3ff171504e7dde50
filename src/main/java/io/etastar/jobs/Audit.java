package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.audit.AuditReport;
import io.etastar.audit.Fixed;
import io.etastar.audit.RateAudit;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.training.ClusterShape;
import io.etastar.training.Rehearsal;
import io.etastar.training.StartingPoint;
import io.etastar.training.TrainingPlan;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.spark.SparkConf;

/** An audit of a job's learning rate: what steps too far or too short, and a rate that was measured to do better. */
public final class Audit {
    private static final int LEAST_STEPS = 10;
    private static final int LEAST_BATCHES = 2;

    private Audit() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; findings and the result line go to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/audit.sh", "Judges the learning rate of a job, and offers one that does better.", out)
                    .argument("CONF", true, "job file, HOCON or JSON, whose optimizer has a rate of its own")
                    .repeated("set", "path=value", "overrides a key of the job file; any number of times")
                    .option(
                            "model",
                            "DIR",
                            "directory of a run, finished or not, to look at where it stands; by default the start")
                    .option("batches", "N", "batches that derivatives are computed on; by default 8")
                    .option("steps", "N", "steps of the runs that are tried; by default 40")
                    .option("output", "OUT.json", "new file to write, everything that was found")
                    .option("master", "M", "Spark master; by default what spark-submit says, else local[*]")
                    .read(args);
            if (arguments != null) {
                audit(arguments, out, err);
            }
        });
    }

    private static void audit(CommandLine.Arguments arguments, PrintStream out, PrintStream err) throws IOException {
        Configuration given = Configuration.load(arguments.get("CONF"), arguments.all("set"));
        check(given);
        int batches = number(arguments, "batches", 8, LEAST_BATCHES);
        int steps = number(arguments, "steps", 40, LEAST_STEPS);
        OutputFile output = arguments.has("output") ? new OutputFile(arguments.get("output")) : null;
        SparkConf conf = Job.conf("EtaStar audit " + given.name(), arguments.get("master"), given.spark());
        if (output != null) {
            output.prepare();
        }
        try (Contexts.Lazy spark = new Contexts.Lazy(conf)) {
            TrainingPlan plan = Train.plan(given, new JobData(spark::get), () -> ClusterShape.of(conf, spark::get));
            StartingPoint start = arguments.has("model")
                    ? StartingPoint.of(plan.decided(given), plan, arguments.get("model"), err::println)
                    : new StartingPoint(plan, 0);
            try (Rehearsal rehearsal = new Rehearsal(spark.get(), start.plan(), start.step())) {
                AuditReport report = new RateAudit(rehearsal, steps, batches)
                        .report(
                                given.optimizer().name().toString(),
                                Fixed.of(plan.decided(given).model()));
                if (output != null) {
                    report.write(output.path());
                }
                out.println(report.text());
                print(report, output, out);
            }
        }
    }

    private static void print(AuditReport report, OutputFile output, PrintStream out) {
        String rate = String.format(Locale.ROOT, "%.3g", report.offered());
        if (report.offers()) {
            out.println();
            out.println("take: --set optimizer.lr=" + rate);
        }
        out.println(
                String.format(Locale.ROOT, "result lr=%s offered=%s", report.rate(), report.offers() ? rate : "none")
                        + (output == null ? "" : " output=" + output.file()));
    }

    private static void check(Configuration given) {
        if (!given.optimizer().hasOwnRate()) {
            throw given.mistake(
                    "optimizer.name",
                    "an optimizer whose rate is given, such as sgd, adam or muon: this one finds its own, so that there is"
                            + " nothing to audit; jobs/report.sh shows the rates of a run, jobs/summarize.sh the curvature of its model");
        }
        if (given.training().communication().period() > 0) {
            throw given.mistake("training.sync", "auto or step: an audit is of steps that all shards make together");
        }
    }

    private static int number(CommandLine.Arguments arguments, String name, int usual, int least) {
        if (!arguments.has(name)) {
            return usual;
        }
        String text = arguments.get(name);
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) >= least) {
            return Integer.parseInt(text);
        }
        throw new UserError(UserError.Subject.option(name), "'" + text + "'", "a whole number from " + least);
    }
}

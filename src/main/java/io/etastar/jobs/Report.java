package io.etastar.jobs;

import io.etastar.report.html.RunReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Writes the report of a run, or of several beside each other. */
public final class Report {
    private Report() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/report.sh", "Writes the report of a run as one HTML file that opens offline.", out)
                    .argument("RUN_DIR", true, "directory of the run, which may be going on")
                    .arguments("OTHER_RUN", "directories of runs to compare with; any number")
                    .option("output", "FILE", "file to write; by default report.html in RUN_DIR")
                    .read(args);
            if (arguments != null) {
                List<String> runs = new ArrayList<>(arguments.all("RUN_DIR"));
                runs.addAll(arguments.all("OTHER_RUN"));
                out.println("result report=" + RunReport.write(runs, arguments.get("output")));
            }
        });
    }
}

package io.etastar.jobs;

import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.EngineFault.Kind;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.training.ClusterShape;
import io.etastar.training.FaultyTraining;
import io.etastar.training.TrainingPlan;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** An application: trains while executors are killed, once in a gradient and once in a summary. */
public final class YarnFaultMain {
    private YarnFaultMain() {}

    /**
     * @param args job file, directory of both runs, local directory of what the faults leave behind
     * @throws IllegalStateException if no executor was lost
     */
    public static void main(String[] args) {
        SparkConf conf = new SparkConf().setAppName("faults");
        HadoopSettings.use(conf);
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            ClusterEvents events = new ClusterEvents();
            context.sc().addSparkListener(events);
            TrainingPlan plan = Train.plan(
                    Configuration.load(args[0], List.of()), new JobData(() -> null), () -> new ClusterShape(2, 0));
            for (String call : List.of("gradient", "summary")) {
                int removed = events.removed();
                EngineFault fault = new EngineFault(Kind.KILL, call, 3, 1, args[2] + "/" + call);
                FaultRuns.AfterStep nothing = step -> {};
                FaultyTraining.run(context, plan, nothing, args[1] + "/" + call, fault);
                ClusterEvents.await("an executor lost", () -> events.removed() > removed);
            }
        }
    }
}

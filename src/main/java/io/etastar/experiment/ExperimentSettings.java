package io.etastar.experiment;

import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Schema;
import java.util.List;
import java.util.Map;

/** An experiment file: a kind, its settings, and the optimizers to compare. */
record ExperimentSettings(
        @Key.Flat Runs runs,
        @Key.Flat Functions functions,
        @Key.Flat Jobs jobs,
        @Key.Flat Workloads workloads) {
    static final Schema SCHEMA = Schema.of(ExperimentSettings.class);

    record Runs(
            @Key(
                    oneOf = {"rosenbrock", "noisy-bowl", "training", "interactions", "costs", "workloads"},
                    doc =
                            "what is run: functions of closed form, a job with each optimizer, the Hessian of a job's"
                                    + " subsets after training, the costs of a job's summaries, or many jobs with each optimizer, tuned ones among them")
            String kind,

            @Key(doc = "which paper, which table") String description,

            @Key(value = "1", min = 1, doc = "runs of each optimizer")
            int seeds,

            @Key(value = "1", min = 0, doc = "seed of the first run; the others take the numbers after it")
            int seed,

            @Key(value = "1.0", above = 0, max = 1, doc = "share of the experiment's length that is run")
            double scale) {}

    record Functions(
            @Key(min = 1, doc = "rosenbrock, noisy-bowl: steps of a run at scale 1")
            int steps,

            @Key(
                    value = "0",
                    min = 0,
                    doc =
                            "noisy-bowl: seconds of a processor after which a run ends, if its steps have not ended it, at scale 1; 0 for no"
                                    + " such end")
            double seconds,

            @Key(value = "100", min = 1, doc = "noisy-bowl: number of parameters")
            int dimension,

            @Key(
                    value = "0.001",
                    above = 0,
                    doc = "noisy-bowl: least eigenvalue of the Hessian; the largest is 1, those between lie in"
                            + " geometric progression")
            double leastEigenvalue,

            @Key(
                    value = "1.0",
                    min = 0,
                    doc = "noisy-bowl: standard deviation of each step of the centre, in each coordinate")
            double sigma,

            @Key(
                    above = 0,
                    doc =
                            "noisy-bowl: deviations in the place of sigma, a run for each; figures are scaled_loss_S, the mean"
                                    + " loss over S^2")
            List<Double> sigmas,

            @Key(
                    value = "0",
                    min = 0,
                    doc =
                            "noisy-bowl: how many of the largest eigenvalues are negative: the centre is then a saddle point")
            int negative,

            @Key(
                    value = "false",
                    doc = "noisy-bowl: whether an optimizer lodo of kind dense begins with the inverse Hessian")
            boolean beginAtNewton,

            @Key(
                    value = "0",
                    min = 0,
                    doc =
                            "noisy-bowl: steps on another bowl after a run of lodo, with what it has learned and learning no"
                                    + " more; frozen_loss is the loss of the last one")
            int frozenSteps) {}

    record Jobs(
            @Key(min = 1, doc = "interactions: epochs of training after which H is looked at, at scale 1")
            List<Integer> epochs,

            @Key(value = "5000", min = 1, doc = "interactions, costs: training rows of a summary, the first ones")
            int rows,

            @Key(doc = "costs: partitions of the parameters, by their names in a job file")
            List<String> partitions,

            @Key(value = "{}", doc = "a job file without its optimizer")
            Map<String, Object> job,

            @Key(value = "{}", doc = "name on the result line to the keys of a job file's block optimizer")
            Map<String, Object> optimizers) {}

    record Workloads(
            @Key(value = "{}", doc = "workloads: name to its keys, see below")
            Map<String, Object> workloads,

            @Key(value = "[1.0]", above = 0, doc = "workloads: budgets of a run, in units of the workload")
            List<Double> budgets,

            @Key(
                    doc =
                            "workloads: optimizers that are compared with all others, which are the untuned rivals; the first"
                                    + " one counts")
            List<String> ours,

            @Key(doc = "workloads: the one of tuned whose ratio is told")
            String reference,

            @Key(
                    value = "{}",
                    doc =
                            "workloads: name to the keys of an optimizer whose rate is tuned, and the grid rates, a list; each rate"
                                    + " with each of variants is an optimizer of its own")
            Map<String, Object> tuned,

            @Key(
                    value = "{}",
                    doc = "workloads: name to keys of optimizers that all tuned ones have in one of their variants")
            Map<String, Object> variants) {}
}

package io.etastar.audit;

import io.etastar.UserError;
import io.etastar.curvature.MeasuredSteps;
import io.etastar.optimizer.Subsets;
import io.etastar.quantity.Batch;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.tensor.DType;
import io.etastar.training.Rehearsal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An audit of a job's learning rate.
 *
 * @param rehearsal of the job
 * @param steps of the runs that are tried
 * @param batches that derivatives are computed on
 */
public record RateAudit(Rehearsal rehearsal, int steps, int batches) {
    /**
     * Looks, tries and judges.
     *
     * @param optimizer its name
     * @param fixed arrays of the model that are no parameters
     * @throws UserError if the first step is not finite
     */
    public AuditReport report(String optimizer, Fixed fixed) {
        Look start = Look.of(rehearsal, rehearsal.start(), rehearsal.rate(), batches);
        if (start == null) {
            throw new UserError(
                    UserError.Subject.setting("optimizer.lr"),
                    rehearsal.rate() + ", whose first step is not finite",
                    "rows, parameters and a rate with a finite loss");
        }
        Tensors tensors = Tensors.of(rehearsal.tensors().layout(), start.flat(rehearsal), start.step());
        Trials trials = new Trials(rehearsal, steps);
        Search search = new Search(rehearsal, start, tensors.live(), trials, batches);
        Trial best = search.best();
        Look end = search.end(best);
        Slopes last = slopes(end);
        Slopes kept = slopes(search.end(trials.made().get(0)));
        List<Finding> findings = new ArrayList<>(new Findings(tensors, start.slopes(), kept, last, trials, best).all());
        findings.addAll(findings.isEmpty() ? 0 : 1, fixed.findings());
        return new AuditReport(
                optimizer,
                rehearsal.rate(),
                best.factor() * rehearsal.rate(),
                findings,
                rows(start, last),
                oneStep(start),
                trials.made().stream()
                        .map(trial -> new AuditReport.Run(trial.factor() * rehearsal.rate(), trial.losses()))
                        .toList(),
                new AuditReport.Rows(
                        rehearsal.batchRows(), start.slopes().batches().size(), rehearsal.rowsApart(), steps));
    }

    private static @Nullable Slopes slopes(@Nullable Look look) {
        return look == null ? null : look.slopes();
    }

    private List<AuditReport.Row> rows(Look start, @Nullable Slopes end) {
        double[] lengths = Subsets.norms(rehearsal.tensors(), start.theta());
        double[] steps = Subsets.norms(rehearsal.tensors(), start.step());
        return IntStream.range(0, steps.length)
                .mapToObj(s -> new AuditReport.Row(
                        rehearsal.tensors().layout().name(s),
                        steps[s] / (lengths[s] > 0 ? lengths[s] : 1),
                        Quartiles.of(start.slopes().own(s)),
                        end == null ? null : Quartiles.of(end.own(s))))
                .toList();
    }

    private List<AuditReport.Step> oneStep(Look start) {
        int[] all = IntStream.range(0, start.slopes().size()).toArray();
        double eta = Quartiles.of(start.slopes().own(all)).middle();
        if (!(eta > 0) || Double.isInfinite(eta)) {
            return List.of();
        }
        double[] rates = Arrays.stream(MeasuredSteps.fractions())
                .map(fraction -> fraction * eta)
                .toArray();
        double[] batches = decreases(start, rates, start.judged());
        double[] others = decreases(start, rates, rehearsal.apart());
        double unit = rehearsal.lossUnit();
        return IntStream.range(0, rates.length)
                .mapToObj(i -> new AuditReport.Step(
                        rates[i], unit * start.slopes().predicted(rates[i]), unit * batches[i], unit * others[i]))
                .toList();
    }

    /** Means over the batches. */
    private double[] decreases(Look start, double[] rates, List<Batch> on) {
        double[] from0 = new double[rates.length + 1];
        System.arraycopy(rates, 0, from0, 1, rates.length);
        List<LossSum.Several> sums =
                rehearsal.each(DType.DOUBLE, new Quantity.Losses(from0), on, Point.along(start.theta(), start.step()));
        return IntStream.range(1, from0.length)
                .mapToDouble(i -> sums.stream()
                        .filter(sum -> sum.losses()[0].samples() > 0)
                        .mapToDouble(sum -> sum.losses()[0].meanLoss() - sum.losses()[i].meanLoss())
                        .average()
                        .orElseThrow())
                .toArray();
    }
}

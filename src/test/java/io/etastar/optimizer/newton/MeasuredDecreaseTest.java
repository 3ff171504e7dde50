package io.etastar.optimizer.newton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.curvature.PredictedDecrease;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.SummaryResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The loss behind the step of a summary, against what the summary's derivatives predict. */
class MeasuredDecreaseTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);

    private static OptimizerSpec settings(boolean previousDirection, boolean measure) {
        OptimizerSpec plain = TestSettings.newton(
                TestSettings.ADAM,
                TestSettings.newtonKeys(2, 0.5, 1, 0, true) + ", summary_direction = "
                        + (previousDirection ? "previous" : "current"));
        return new OptimizerSpec(plain.settings(), plain.schedule(), plain.seed(), measure);
    }

    private static SummaryResult[] summaries(OptimizerSpec settings, double[] theta) {
        Partition partition = Partitions.parse("wb", LAYOUT);
        PolynomialObjective quadratic = PolynomialObjective.random(LAYOUT, 0, 0.2, 3);
        Optimizer optimizer = Optimizers.create(settings, partition);
        SummaryResult[] summaries = new SummaryResult[5];
        for (int step = 0; step < summaries.length; step++) {
            summaries[step] = optimizer.step(quadratic, theta, step).summary();
        }
        return summaries;
    }

    private static double[] start() {
        return new Random(2).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    @Test
    void onAQuadraticTheDecreaseIsThePredictedOne() {
        SummaryResult[] summaries = summaries(settings(false, true), start());
        for (int step = 0; step < summaries.length; step += 2) {
            SummaryResult summary = summaries[step];
            double predicted = PredictedDecrease.of(
                            summary.mean().g(),
                            summary.mean().h(),
                            summary.mean().order3(),
                            summary.learningRates())
                    .thirdOrder();
            assertTrue(predicted > 1e-3, "a step that gets somewhere");
            assertEquals(predicted, summary.mean().loss() - summary.lossAfter(), 1e-10);
            assertEquals(2, summary.groups().size());
        }
    }

    @Test
    void measuringLeavesTheTrajectoryAsItIs() {
        double[] measured = start();
        double[] plain = start();
        summaries(settings(false, true), measured);
        SummaryResult[] without = summaries(settings(false, false), plain);
        assertArrayEquals(plain, measured);
        assertTrue(Double.isNaN(without[0].lossAfter()));
    }

    @Test
    void alongTheDirectionBeforeNothingIsMeasured() {
        SummaryResult[] summaries = summaries(settings(true, true), start());
        assertTrue(Double.isNaN(summaries[2].lossAfter()) && Double.isNaN(summaries[4].lossAfter()));
    }
}

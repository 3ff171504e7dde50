package io.etastar.testing;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of the tests how many faults they injected and how many of these were survived. */
public final class FaultReport implements TestExecutionListener {
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!Faults.line().isEmpty()) {
            System.out.println(Faults.line());
        }
    }
}

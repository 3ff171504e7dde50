package io.etastar.testing;

import io.etastar.tensor.cuda.Emulator;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of the tests what ran on emulated GPUs, or that nothing did. */
public final class EmulatorReport implements TestExecutionListener {
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!Emulator.report().isEmpty()) {
            System.out.println(Emulator.report());
        }
    }
}

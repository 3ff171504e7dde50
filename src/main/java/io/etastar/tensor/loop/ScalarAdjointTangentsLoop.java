package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarAdjointTangents;
import io.etastar.tensor.ScalarFunction;

/** {@link ScalarAdjointTangents} in blocks of elements. */
final class ScalarAdjointTangentsLoop implements Kernel {
    private final ScalarAdjointTangents t;
    private final double[] x = HostMemory.block();
    private final double[] y = HostMemory.block();
    private final double[] adjoint = HostMemory.block();
    private final double[] first = HostMemory.block();
    private final double[] result = HostMemory.block();

    ScalarAdjointTangentsLoop(ScalarAdjointTangents tangents) {
        t = tangents;
    }

    @Override
    public void run() {
        int n = t.x().length();
        for (int at = 0; at < n; at += HostMemory.BLOCK) {
            block(at, Math.min(HostMemory.BLOCK, n - at));
        }
    }

    private void block(int at, int count) {
        t.x().read(at, x, count);
        t.y().read(at, y, count);
        t.adjoint().read(at, adjoint, count);
        t.first().read(at, first, count);
        ScalarFunction f = t.f();
        for (int i = 0; i < count; i++) {
            adjoint[i] *= f.second(x[i], y[i]) * first[i];
        }
        if (t.adjointTangent() != null) {
            t.adjointTangent().read(at, result, count);
            for (int i = 0; i < count; i++) {
                adjoint[i] += f.first(x[i], y[i]) * result[i];
            }
        }
        t.out().write(at, adjoint, count);
    }
}

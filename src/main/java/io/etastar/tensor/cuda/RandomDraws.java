package io.etastar.tensor.cuda;

import io.etastar.tensor.DropoutMask;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.LabelDraw;

/** Kernels that draw random numbers, each a hash; the seed is asked for whenever one is asked to run. */
final class RandomDraws {
    private static final String FILE = "random";
    /** Which arguments the seeds are. */
    private static final int MASK_SEED = 2;

    private static final int DRAW_SEED = 4;

    private RandomDraws() {}

    static Kernel dropoutMask(CudaArena arena, DropoutMask mask) {
        int n = mask.out().length();
        int width = mask.shared() ? n : n / mask.rows().length();
        long rows = mask.shared() ? 0 : CudaIndices.address(mask.rows());
        Launch launch = arena.bind(
                FILE, "dropoutMask", n, CudaArena.text(mask.out()), rows, mask.out(), 0L, mask.keep(), width, n);
        return () -> {
            launch.set(MASK_SEED, mask.seed().getAsLong());
            launch.run();
        };
    }

    static Kernel labels(CudaArena arena, LabelDraw draw) {
        int rows = draw.rows().length();
        int width = draw.outputs().length() / rows;
        String name = switch (draw.kind()) {
            case CLASSES -> "drawClasses";
            case GAUSSIAN -> "drawGaussian";
            case BERNOULLI -> "drawBernoulli";
        };
        int n = draw.kind() == LabelDraw.Kind.CLASSES ? rows : rows * width;
        Launch launch = arena.bind(
                FILE,
                name,
                n,
                CudaArena.text(draw.outputs()),
                draw.outputs(),
                CudaIndices.address(draw.rows()),
                CudaDoubles.address(draw.factors()),
                draw.adjoint(),
                0L,
                draw.scale(),
                width,
                n);
        return () -> {
            launch.set(DRAW_SEED, draw.seed().getAsLong());
            launch.run();
        };
    }
}

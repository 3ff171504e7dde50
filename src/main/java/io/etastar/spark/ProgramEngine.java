package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.GradientSum;
import io.etastar.summary.HessianVectorSum;
import io.etastar.summary.LossSum;
import io.etastar.taylor.HessianProgram;
import io.etastar.taylor.Program;
import io.etastar.tensor.RawArray;
import java.util.function.Supplier;

/** The engine on compiled programs; the one for Hessian-vector products is compiled when it is first needed. */
final class ProgramEngine implements Engine {
    private final Program program;
    private final Supplier<HessianProgram> maker;
    private HessianProgram hessian;
    /** As last set; shared. */
    private RawArray theta;

    /**
     * @param program of losses, gradients and summaries; closed with this
     * @param maker of the program for Hessian-vector products, or null where {@code program} has a partition
     */
    ProgramEngine(Program program, Supplier<HessianProgram> maker) {
        this.program = program;
        this.maker = maker;
    }

    @Override
    public void setParameters(RawArray values) {
        program.setParameters(values);
        theta = maker == null ? null : values;
    }

    @Override
    public void setDirection(RawArray direction) {
        if (maker == null) {
            program.setDirection(direction);
        } else {
            hessian().setDirection(direction);
        }
    }

    private HessianProgram hessian() {
        if (hessian == null) {
            hessian = maker.get();
        }
        return hessian;
    }

    @Override
    public LossSum loss(Shard shard, int[] rows) {
        return program.loss(shard, rows);
    }

    @Override
    public GradientSum gradient(Shard shard, int[] rows) {
        return program.gradient(shard, rows);
    }

    @Override
    public DerivativeSummary summary(Shard shard, int[] rows) {
        return program.summary(shard, rows);
    }

    @Override
    public HessianVectorSum hessianVector(Shard shard, int[] rows) {
        if (maker == null) {
            throw new IllegalStateException("the engine was made with a partition");
        }
        hessian().setParameters(theta);
        return hessian().hessianVector(shard, rows);
    }

    @Override
    public void close() {
        program.close();
        if (hessian != null) {
            hessian.close();
        }
    }
}

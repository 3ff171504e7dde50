package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.taylor.HessianProgram;
import io.etastar.tensor.RawArray;

/** An engine's program for Hessian-vector products, compiled when it is first needed: most engines never need it. */
final class HessianPrograms implements AutoCloseable {
    private final ProgramFactory factory;
    private final boolean any;
    private HessianProgram program;
    private RawArray theta;
    private RawArray direction;
    private Long seed;

    /** @param partition of the engine; with one there are no products */
    HessianPrograms(ProgramFactory factory, Partition partition) {
        this.factory = factory;
        any = partition == null;
    }

    /** Keeps theta [P], shared, until there is a program to copy it into. */
    void setParameters(RawArray values) {
        theta = any ? values : null;
    }

    /** Keeps v [P], shared. */
    void setDirection(RawArray values) {
        direction = any ? values : null;
    }

    /** Compiles the program at the first product: passes without products, such as losses along a direction, need none. */
    private void compile() {
        if (program == null) {
            program = HessianProgram.compile(
                    factory.model().build(factory.type()),
                    factory.type(),
                    factory.microBatch(),
                    factory.gradientRows());
        }
    }

    /** Remembers the seed of dropout; null for none. */
    void setSeed(Long value) {
        seed = value;
    }

    HessianVectorSum hessianVector(Shard shard, int[] rows) {
        if (direction == null || theta == null) {
            throw new IllegalStateException("Hessian-vector products need an engine without a partition, theta and v");
        }
        compile();
        program.setDirection(direction);
        program.setParameters(theta);
        if (seed == null) {
            program.clearSeed();
        } else {
            program.setSeed(seed);
        }
        return program.hessianVector(shard, rows);
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }
}

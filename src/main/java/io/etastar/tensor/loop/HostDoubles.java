package io.etastar.tensor.loop;

import io.etastar.tensor.Doubles;
import java.util.Arrays;

/** Numbers in double precision in a Java array. */
final class HostDoubles extends Doubles {
    private final double[] values;

    HostDoubles(int length) {
        super(length);
        values = new double[length];
    }

    /** The array behind numbers that a CPU backend made; shared. */
    static double[] of(Doubles doubles) {
        return ((HostDoubles) doubles).values;
    }

    @Override
    public void clear() {
        Arrays.fill(values, 0);
    }

    @Override
    public void write(double... source) {
        System.arraycopy(source, 0, values, 0, source.length);
    }

    @Override
    public double[] toDoubles() {
        return values.clone();
    }
}

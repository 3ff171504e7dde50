package io.etastar.optimizer;

/** A function of one variable by its value and first three derivatives at 0. */
record Jet(double f, double d1, double d2, double d3) {
    static Jet constant(double value) {
        return new Jet(value, 0, 0, 0);
    }

    Jet plus(Jet o) {
        return new Jet(f + o.f, d1 + o.d1, d2 + o.d2, d3 + o.d3);
    }

    Jet minus(Jet o) {
        return new Jet(f - o.f, d1 - o.d1, d2 - o.d2, d3 - o.d3);
    }

    Jet times(Jet o) {
        return new Jet(
                f * o.f,
                d1 * o.f + f * o.d1,
                d2 * o.f + 2 * d1 * o.d1 + f * o.d2,
                d3 * o.f + 3 * d2 * o.d1 + 3 * d1 * o.d2 + f * o.d3);
    }

    private Jet compose(double value, double p1, double p2, double p3) {
        return new Jet(value, p1 * d1, p2 * d1 * d1 + p1 * d2, p3 * d1 * d1 * d1 + 3 * p2 * d1 * d2 + p1 * d3);
    }

    Jet tanh() {
        double t = Math.tanh(f);
        double p1 = 1 - t * t;
        return compose(t, p1, -2 * t * p1, p1 * (6 * t * t - 2));
    }

    Jet exp() {
        double e = Math.exp(f);
        return compose(e, e, e, e);
    }

    Jet log() {
        return compose(Math.log(f), 1 / f, -1 / (f * f), 2 / (f * f * f));
    }
}

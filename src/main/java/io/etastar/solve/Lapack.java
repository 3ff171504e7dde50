package io.etastar.solve;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import dev.ludovic.netlib.lapack.LAPACK;

/**
 * The LAPACK library of the project, safe for several threads. Every call of LAPACK goes through here, and ARPACK is not called
 * before this class is initialised.
 *
 * <p>The translation to Java computes its machine constants (dlamch) at their first use, into static fields that say "done" before
 * they are filled. A second thread that arrives in between reads an epsilon of 0 and scales a matrix for ever (dlascl). The JVM runs
 * the initialiser of this class once, before any caller can pass, so all constants are known before a routine reads them. dsyev,
 * dsyevd, dgesv, dpotrf and dpotrs keep nothing else between calls.
 */
public final class Lapack {
    private static final LAPACK LIBRARY = JavaLAPACK.getInstance();

    static {
        LIBRARY.dlamch("E");
    }

    private Lapack() {}

    /** The pure Java variant, which gives the same bits on every machine; its machine constants are known. */
    public static LAPACK library() {
        return LIBRARY;
    }
}

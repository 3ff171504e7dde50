package io.etastar.frame;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/** Whether whole numbers of a column are all different, as numbers that stand for the rows are. It forgets them at the first that is not. */
final class DistinctNumbers implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of fewer rows, numbers that are different by chance are no more spread than this many to a row. */
    private static final int MANY_ROWS = 2000;

    private static final int SPREAD = 10;
    /** Numbers that are kept: of a part the first ones, of all parts those of the first ones. */
    private static final int MOST = 100_000;

    private static final int FEW_ROWS = 20;

    private final Set<Long> seen = new HashSet<>();
    private boolean repeated;

    void add(double x) {
        if (repeated || seen.size() >= MOST) {
            return;
        }
        if (x != Math.rint(x) || !seen.add((long) x)) {
            forget();
        }
    }

    void add(DistinctNumbers next) {
        if (repeated || next.repeated) {
            forget();
            return;
        }
        for (long x : next.seen) {
            if (seen.contains(x)) {
                forget();
                return;
            }
            // However many parts there are.
            if (seen.size() < MOST) {
                seen.add(x);
            }
        }
    }

    private void forget() {
        repeated = true;
        seen.clear();
    }

    /** Whether they look like numbers of the rows. */
    boolean likeRows() {
        if (repeated || seen.size() < FEW_ROWS) {
            return false;
        }
        long least = seen.stream().mapToLong(Long::longValue).min().orElseThrow();
        long most = seen.stream().mapToLong(Long::longValue).max().orElseThrow();
        return seen.size() >= MANY_ROWS || (double) most - least <= (double) SPREAD * seen.size();
    }
}

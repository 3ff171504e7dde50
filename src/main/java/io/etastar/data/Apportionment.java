package io.etastar.data;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Seats shared out by Webster's divisor method (Balinski and Young, "Fair Representation", 1982).
 *
 * <p>The k-th seat of a party with w votes has the quotient (2k - 1) / w; the seats with the smallest quotients are given,
 * equal ones by index. That is one order of all seats, so more seats never take one away from anybody.
 */
final class Apportionment {
    private Apportionment() {}

    /**
     * @param votes of each party, their sum at least 1
     * @param seats from 0 to the sum of the votes
     * @return seats of each party, at most its votes; a new array
     */
    static int[] webster(int[] votes, int seats) {
        long total = 0;
        for (int vote : votes) {
            total += vote;
        }
        int[] given = new int[votes.length];
        long missing = seats;
        for (int i = 0; i < votes.length; i++) {
            given[i] = (int) ((2L * seats * votes[i] + total) / (2 * total));
            missing -= given[i];
        }
        adjust(votes, given, missing);
        return given;
    }

    /** Rounding has given every seat up to one quotient: goes on, or back, in the order of the seats. */
    private static void adjust(int[] votes, int[] given, long missing) {
        int next = missing > 0 ? 1 : -1;
        Comparator<Integer> order = (i, j) -> compare(votes, given, next, i, j);
        PriorityQueue<Integer> queue = new PriorityQueue<>(missing > 0 ? order : order.reversed());
        for (int i = 0; missing != 0 && i < votes.length; i++) {
            if (votes[i] > 0 && (missing > 0 || given[i] > 0)) {
                queue.add(i);
            }
        }
        for (; missing != 0; missing -= next) {
            int i = queue.remove();
            given[i] += next;
            if (next > 0 || given[i] > 0) {
                queue.add(i);
            }
        }
    }

    /** Compares the next seat of i (or its last, going back) with that of j. */
    private static int compare(int[] votes, int[] given, int next, int i, int j) {
        long left = (2L * given[i] + next) * votes[j];
        long right = (2L * given[j] + next) * votes[i];
        return left != right ? Long.compare(left, right) : Integer.compare(i, j);
    }
}

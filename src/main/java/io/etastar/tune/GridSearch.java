package io.etastar.tune;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;

/** Grid search: all combinations of values, those of the last domain changing fastest. */
final class GridSearch implements Search {
    private static final int MOST = 100_000;

    private final List<double[]> points;

    /**
     * A grid.
     *
     * @param domains of lists of values
     * @throws UserError if one is a range without a number of points, or if there are very many combinations
     */
    GridSearch(List<Domain> domains) {
        List<double[]> grid = List.of(new double[domains.size()]);
        for (int d = 0; d < domains.size(); d++) {
            int size = size(domains.get(d));
            if ((long) size * grid.size() > MOST) {
                throw new UserError(
                        UserError.Subject.option("search"), "a grid of more than " + MOST + " trials", "fewer values");
            }
            List<double[]> wider = new ArrayList<>();
            for (double[] point : grid) {
                for (int i = 0; i < size; i++) {
                    double[] next = point.clone();
                    next[d] = (i + 0.5) / size;
                    wider.add(next);
                }
            }
            grid = wider;
        }
        points = grid;
    }

    private static int size(Domain domain) {
        if (domain.size() == 0) {
            throw new UserError(
                    UserError.Subject.option("vary"),
                    domain.key() + " as a range, of which a grid has no end",
                    "a list of values, or a number of points as third number: loguniform(1e-4, 1e-1, 4)");
        }
        return domain.size();
    }

    @Override
    public List<double[]> next(List<Scored> done) {
        return points.subList(Math.min(done.size(), points.size()), points.size());
    }

    @Override
    public int trials() {
        return points.size();
    }
}

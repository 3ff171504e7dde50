package io.etastar.tune;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Random search: points drawn evenly from all.
 *
 * @param domains number of them
 * @param trials number of points
 * @param seed of the draws; a longer search with the same seed begins with the points of a shorter one
 */
record RandomSearch(int domains, int trials, long seed) implements Search {
    @Override
    public List<double[]> next(List<Scored> done) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.generate(() -> random.doubles(domains).toArray())
                .limit(trials)
                .skip(done.size())
                .toList();
    }
}

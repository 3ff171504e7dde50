package io.etastar.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Genetic search as in Liao and others, TMLR 2023, appendix E: each generation is drawn from a normal distribution around the mean of
 * the better half of the generation before, whose deviation shrinks; rates on a logarithmic scale, decays on that of 1 - x.
 *
 * <p>The paper's deviations of ln are 3, 3, 3, 3, 2, 1.7, 1.4, 1.2, 0.9 and 0.6 over its ten generations. Here the first is a third of
 * the domain, and the others shrink by the same ratios, over any number of generations. The first generation's mean is the middle of the domains; what falls
 * outside them is reflected. The paper varies numbers alone: of values without an order a child has that of one of the better half, or
 * in a tenth of the cases any.
 */
final class GeneticSearch implements Search {
    private static final double[] RATIOS = {1, 1, 1, 1, 2 / 3.0, 1.7 / 3, 1.4 / 3, 0.4, 0.3, 0.2};
    private static final double FIRST_DEVIATION = 1 / 3.0;
    private static final double MUTATION = 0.1;

    private final List<Domain> domains;
    private final int population;
    private final int generations;
    private final long seed;

    /**
     * A search.
     *
     * @param domains of the keys
     * @param population individuals of a generation, at least 2
     * @param generations at least 1
     * @param seed of the draws
     */
    GeneticSearch(List<Domain> domains, int population, int generations, long seed) {
        this.domains = List.copyOf(domains);
        this.population = population;
        this.generations = generations;
        this.seed = seed;
    }

    @Override
    public int trials() {
        return population * generations;
    }

    @Override
    public List<double[]> next(List<Scored> done) {
        int generation = done.size() / population;
        if (generation >= generations) {
            return List.of();
        }
        List<double[]> parents = generation == 0
                ? List.of()
                : betterHalf(done.subList((generation - 1) * population, generation * population));
        SplittableRandom random = new SplittableRandom(seed);
        for (int earlier = 0; earlier < generation; earlier++) {
            random = random.split();
        }
        List<double[]> children = new ArrayList<>();
        for (int i = 0; i < population; i++) {
            children.add(child(parents, deviation(generation), random));
        }
        return children.subList(done.size() % population, population);
    }

    private List<double[]> betterHalf(List<Scored> parents) {
        return parents.stream()
                .sorted(Comparator.comparingDouble(Scored::score))
                .limit((population + 1) / 2)
                .map(Scored::point)
                .toList();
    }

    private double[] child(List<double[]> parents, double deviation, SplittableRandom random) {
        double[] point = new double[domains.size()];
        for (int d = 0; d < point.length; d++) {
            int index = d;
            // Drawn for each domain, whatever its kind, so that a list in place of a range leaves the other keys as
            // they were.
            double gaussian = random.nextGaussian();
            double uniform = random.nextDouble();
            double chance = random.nextDouble();
            if (domains.get(d).isOrdered()) {
                double mean = parents.stream()
                        .mapToDouble(parent -> parent[index])
                        .average()
                        .orElse(0.5);
                point[d] = reflected(mean + deviation * gaussian);
            } else {
                point[d] = parents.isEmpty() || chance < MUTATION
                        ? uniform
                        : parents.get((int) (uniform * parents.size()))[d];
            }
        }
        return point;
    }

    private double deviation(int generation) {
        int last = RATIOS.length - 1;
        double place = generations == 1 ? 0 : (double) generation * last / (generations - 1);
        int below = (int) Math.min(last - 1.0, Math.floor(place));
        double share = place - below;
        return FIRST_DEVIATION * (RATIOS[below] * (1 - share) + RATIOS[below + 1] * share);
    }

    /** A number outside [0, 1] as far inside it. */
    static double reflected(double u) {
        double folded = Math.abs(u) % 2;
        return folded > 1 ? 2 - folded : folded;
    }
}

package io.etastar.tune;

import io.etastar.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is searched, and how.
 *
 * @param domains as they are written, at least one, each of another key
 * @param kind of search
 * @param size of the search
 * @param seed of what is drawn
 * @param measure what is compared
 */
public record Method(List<Domain> domains, Kind kind, Size size, long seed, Measure measure) {
    /** Kinds of search. */
    public enum Kind {
        /** Points drawn evenly. */
        RANDOM,
        /** All combinations. */
        GRID,
        /** Generations, each drawn around the better half of the one before. */
        GENETIC;

        /**
         * The kind of a name.
         *
         * @throws UserError if there is none
         */
        public static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.toString().equals(name)) {
                    return kind;
                }
            }
            throw new UserError(UserError.Subject.option("search"), "'" + name + "'", "random, grid or genetic");
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Numbers of trials.
     *
     * @param trials of a random search
     * @param population individuals of a generation of a genetic one
     * @param generations of a genetic one
     */
    public record Size(int trials, int population, int generations) {}

    /** @throws UserError if there is no domain, two are of the same key, or a grid has no end */
    public Method {
        domains = List.copyOf(domains);
        if (domains.isEmpty()) {
            throw new UserError(UserError.Subject.option("vary"), "nothing", Domain.EXPECTED);
        }
        if (domains.stream().map(Domain::key).distinct().count() < domains.size()) {
            throw new UserError(UserError.Subject.option("vary"), "a key twice", "each key once");
        }
    }

    Search create() {
        return switch (kind) {
            case RANDOM -> new RandomSearch(domains.size(), size.trials(), seed);
            case GRID -> new GridSearch(domains);
            case GENETIC -> new GeneticSearch(domains, size.population(), size.generations(), seed);
        };
    }

    /** All that trials depend on, by name. A random search may be made longer. */
    Map<String, String> about() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("vary", domains.stream().map(Object::toString).collect(Collectors.joining("; ")));
        about.put("search", kind.toString());
        if (kind == Kind.GENETIC) {
            about.put("population", String.valueOf(size.population()));
            about.put("generations", String.valueOf(size.generations()));
        }
        if (kind != Kind.GRID) {
            about.put("seed", String.valueOf(seed));
        }
        about.put("measure", measure.toString());
        return about;
    }

    /** Trials of the whole search. */
    public int trials() {
        return create().trials();
    }
}

package io.etastar.taylor;

/**
 * Brings rules for ops that the engine does not know. An implementation has a public constructor without arguments and is named
 * in {@code META-INF/services/io.etastar.taylor.RuleProvider} of its jar, where {@link java.util.ServiceLoader} finds it in
 * every process, executors included.
 */
public interface RuleProvider {
    /** Adds the rules; called once in each process. */
    void addTo(Rules rules);
}

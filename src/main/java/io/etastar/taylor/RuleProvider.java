package io.etastar.taylor;

/**
 * Brings rules for ops that the engine does not know. An implementation has a public constructor without arguments and is named
 * in {@code META-INF/services/io.etastar.taylor.RuleProvider} of its jar, where {@link java.util.ServiceLoader} finds it in
 * every process, executors included.
 */
public interface RuleProvider {
    /**
     * Adds the rules, the same ones at each call: it is called whenever a graph is compiled that has an op which the engine
     * does not know.
     */
    void addTo(Rules rules);
}

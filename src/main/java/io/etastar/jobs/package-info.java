/**
 * Main classes for spark-submit: parsing and printing only. Nothing depends on this package.
 *
 * <p>Each job is a {@code run(arguments, out, err)} that returns the exit code: 0 done, 1 diverged or broken, 2 a mistake of
 * the user, reported in one line before Spark starts.
 */
package io.etastar.jobs;

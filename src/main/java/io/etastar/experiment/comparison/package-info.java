/**
 * Many workloads, each trained with every optimizer at several batches and budgets: experiments of kind {@code workloads}. Results are kept in
 * files, a run that has one is not made again, and what is told is made of the files alone.
 */
@NullMarked
package io.etastar.experiment.comparison;

import org.jspecify.annotations.NullMarked;

/**
 * Run directories, metrics files and progress: what notebooks, reports and people read.
 *
 * <p>The training loop speaks to a {@link io.etastar.report.RunListener}; files and display are listeners. Losses are means
 * over samples, times are seconds, numbers that are not finite are null in files. Used by {@code spark} (the interface) and
 * {@code jobs} (the implementations).
 */
package io.etastar.report;

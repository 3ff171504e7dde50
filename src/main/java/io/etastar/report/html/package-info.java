/**
 * A run's files as one page of HTML that opens without a network: {@link io.etastar.report.html.RunReport} reads configuration,
 * metrics and summaries, thins them out and puts them as JSON into a page that holds the charting library and its own script.
 *
 * <p>The page's parts are resources beside this package: {@code report.html}, {@code report.css}, {@code report-*.js}; the library
 * is put there by the build. Numbers are rounded to five digits. Used by {@code jobs} alone.
 */
package io.etastar.report.html;

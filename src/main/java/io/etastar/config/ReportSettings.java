package io.etastar.config;

/**
 * When a run writes its report.html.
 *
 * @param write whether it does at all
 * @param refreshSeconds least seconds between two reports during the run, 0 for one at its end alone
 */
public record ReportSettings(boolean write, double refreshSeconds) {}

/**
 * Job files: HOCON merged over {@code etastar-defaults.conf}, checked key by key, turned into typed settings.
 *
 * <p>The defaults' comments are the schema ({@link io.etastar.config.Configuration} reads them), so that a new key is one
 * commented line there. Experiment files in the same way over {@code etastar-experiment.conf}. Used by
 * {@code jobs} and {@code experiment} alone; knows the settings of other packages, none of their workings.
 */
package io.etastar.config;

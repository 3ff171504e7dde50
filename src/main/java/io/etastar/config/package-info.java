/**
 * Job files: HOCON merged over {@code etastar-defaults.conf}, checked key by key, turned into typed settings.
 *
 * <p>The defaults' comments are the schema ({@link io.etastar.config.Configuration} reads them), so that a new key is one
 * commented line there. Used by {@code jobs} alone; knows the settings of other packages, none of their workings.
 */
package io.etastar.config;

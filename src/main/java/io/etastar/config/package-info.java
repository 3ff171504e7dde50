/** Job files: HOCON merged over the defaults, checked key by key, turned into typed settings. */
package io.etastar.config;

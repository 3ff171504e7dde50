/**
 * Data sets opened by the name of their format, for a job or to be prepared: {@link io.etastar.source.Formats} is the table of
 * all formats.
 */
package io.etastar.source;

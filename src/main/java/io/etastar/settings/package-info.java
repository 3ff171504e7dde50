/**
 * Settings of job files: records whose components are the keys, with default, range and meaning
 * ({@link io.etastar.settings.schema.Key}), and the job file that is checked against them and bound to them, with FILE:LINE in
 * every message.
 *
 * <p>A new setting is one record component, read where it is used. Knows recipes of models, partitions and precisions by name;
 * used by all that is configured.
 */
package io.etastar.settings;

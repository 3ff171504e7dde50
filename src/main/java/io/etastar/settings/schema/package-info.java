/**
 * Settings as annotated records: what a key may hold ({@link io.etastar.settings.schema.KeyType}), the check of a file against the
 * records ({@link io.etastar.settings.schema.Schema}), HOCON and its places. Knows no setting by itself.
 */
package io.etastar.settings.schema;

/**
 * Files that must survive: checkpoints and models.
 *
 * <p>JSON headers and raw little-endian arrays with a checksum, never Java serialisation; written under a temporary name and
 * renamed, through Hadoop's FileSystem, so that local paths, {@code hdfs:} and {@code s3a:} all work. Readers check every
 * length against the file before they allocate. Used by {@code data} (file access), {@code spark} and {@code jobs}.
 */
@NullMarked
package io.etastar.storage;

import org.jspecify.annotations.NullMarked;

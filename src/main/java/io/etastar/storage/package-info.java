/** Files that must survive: JSON headers and raw little-endian arrays with a checksum, written under a temporary name and renamed, through Hadoop FileSystem. */
package io.etastar.storage;

/**
 * Readers of file formats (IDX, CIFAR, .npz, folders of images) and the embedded digits; each gives rows as a {@link
 * io.etastar.data.DataSource}.
 */
package io.etastar.data.format;

/**
 * The backend on ND4J: the one package that runs ND4J's ops. It may use {@code tensor}, {@code tensor.loop}, {@code tensor.convolution} and ND4J; other
 * packages obtain it from {@link io.etastar.tensor.Backend}.
 */
package io.etastar.tensor.nd4j;

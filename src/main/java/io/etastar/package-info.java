/** EtaStar: neural-network training on Apache Spark whose learning rates are solved instead of tuned. */
package io.etastar;

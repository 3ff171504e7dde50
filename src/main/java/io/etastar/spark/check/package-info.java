/** Checks of devices and memory before and during a run. Knows no engine and no plan. */
package io.etastar.spark.check;

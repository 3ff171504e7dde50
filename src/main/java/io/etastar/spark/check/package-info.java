/** Checks of devices and memory before and during a run, and the resources that training asks for. Knows no engine and no plan. */
package io.etastar.spark.check;

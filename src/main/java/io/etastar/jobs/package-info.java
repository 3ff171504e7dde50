/** Main classes for spark-submit: parsing and printing only. */
package io.etastar.jobs;

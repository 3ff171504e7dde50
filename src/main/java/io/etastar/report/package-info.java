/** Run directories and metrics files: what notebooks and reports read. */
package io.etastar.report;

/**
 * Ops that are written as several others before a program is compiled. Uses {@code taylor.graph} and
 * {@code taylor.rule.indexing}.
 */
package io.etastar.taylor.composite;

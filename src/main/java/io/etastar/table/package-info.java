/**
 * Tables: how columns of numbers, texts, dates and vectors become the inputs of a network. {@link io.etastar.table.TableEncoding} is
 * what is stored with a model, {@link io.etastar.table.TableEncoder} applies it to rows.
 */
package io.etastar.table;

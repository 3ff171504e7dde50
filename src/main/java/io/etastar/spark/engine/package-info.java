/** Engines, which compute on a task's shard, and their factories and pools. Uses {@code taylor} and {@code spark.check}. */
package io.etastar.spark.engine;

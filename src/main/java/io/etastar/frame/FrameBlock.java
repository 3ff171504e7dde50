package io.etastar.frame;

import io.etastar.data.Shard;
import java.io.Serializable;

/** Consecutive rows of one partition of a frame, as raw arrays. */
record FrameBlock(Shard rows, BlockFacts facts) implements Serializable {}

package io.etastar.spark.pass;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Where a pass is made.
 *
 * @param theta parameters [P]
 * @param direction u of summaries or v of Hessian-vector products [P], null for other passes
 * @param seed of the pass, null if nothing is random; each shard has its own, mixed from it and the shard's number
 */
record Point(Broadcast<RawArray> theta, Broadcast<RawArray> direction, Long seed) implements Serializable {
    /** The same place without a direction, or with another seed. */
    Point with(Broadcast<RawArray> otherDirection, Long otherSeed) {
        return new Point(theta, otherDirection, otherSeed);
    }
}

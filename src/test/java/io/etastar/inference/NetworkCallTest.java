package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.RawArray;
import java.lang.ref.WeakReference;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

/** Which networks' devices are looked at. */
class NetworkCallTest {
    private static final long NUMBER = 7;

    /** A broadcast that counts how often it is read, which a look at devices begins with. */
    private static final class Counted extends Broadcast<Carried<TrainedNetwork>> {
        private int reads;
        private boolean refused;

        Counted() {
            super(NUMBER, ClassTag$.MODULE$.apply(Carried.class));
        }

        @Override
        public Carried<TrainedNetwork> getValue() {
            reads++;
            if (refused) {
                throw new UserError("no device");
            }
            String json = "{\"model\":\"perceptron\",\"layers\":[2,3],\"activation\":\"identity\",\"loss\":\"nll\"}";
            return Carried.of(new TrainedNetwork(
                    new ModelDescription(json), Point.at(RawArray.of(new float[9])), new int[] {2}, 1, null));
        }

        @Override
        public void doUnpersist(boolean blocking) {}

        @Override
        public void doDestroy(boolean blocking) {}
    }

    private static void look(Counted network) {
        new NetworkCall(network, "m", "x", 3, 3, null, false).checkDevices(null, 1);
    }

    @Test
    void devicesAreLookedAtOnceForANetwork() {
        Counted network = new Counted();
        network.refused = true;
        assertThrows(UserError.class, () -> look(network));
        network.refused = false;
        look(network);
        look(network);
        assertEquals(2, network.reads);
    }

    /** In a context that comes after another one numbers are the same. */
    @Test
    void anotherNetworkOfTheSameNumberIsAnotherOne() {
        look(new Counted());
        Counted later = new Counted();
        look(later);
        assertEquals(1, later.reads);
    }

    @Test
    void networksThatWereLookedAtAreNotKept() {
        WeakReference<Counted> network = looked();
        for (int i = 0; i < 100 && network.get() != null; i++) {
            System.gc();
        }
        assertNull(network.get());
    }

    private static WeakReference<Counted> looked() {
        Counted network = new Counted();
        look(network);
        return new WeakReference<>(network);
    }
}

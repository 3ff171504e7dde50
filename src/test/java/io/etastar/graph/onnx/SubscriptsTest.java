package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptsTest {
    private static Subscripts of(String equation, int... ranks) {
        Subscripts found = Subscripts.of(equation, ranks);
        assertNotNull(found, equation);
        return found;
    }

    @Test
    void axesOfAnEllipsisHaveLettersOfTheirOwn() {
        Subscripts found = of("...Aj,...jk->...Ak", 3, 4);
        assertEquals(List.of("CAj", "BCjk"), found.inputs());
        assertEquals("BCAk", found.output());
        assertEquals("BC", found.spelt());
        assertEquals(List.of("ij", "jk"), of("...ij,jk", 2, 2).inputs());
    }

    @Test
    void anOutputThatIsNotSaidHasTheLettersThatAreThereOnce() {
        assertEquals("ik", of("kj,ji", 2, 2).output());
        assertEquals("", of("ii", 2).output());
        assertEquals("Aj", of("...ij,i...", 3, 2).output());
    }

    @Test
    void whatDoesNotFitIsNone() {
        assertNull(Subscripts.of("ij->i", 3));
        assertNull(Subscripts.of("ij,jk->ik", 2));
        assertNull(Subscripts.of("...ijk->i", 2));
        assertNull(Subscripts.of("ij->k", 2));
        assertNull(Subscripts.of("ij->ii", 2));
        assertNull(Subscripts.of("ij->i->j", 2));
    }
}

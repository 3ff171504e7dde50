package io.etastar.taylor;

import static io.etastar.taylor.SummaryPropertyTest.close;
import static io.etastar.taylor.SummaryPropertyTest.flat;
import static io.etastar.taylor.SummaryPropertyTest.largest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.solve.Eigen;
import io.etastar.tensor.DType;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds of Gauss-Newton matrices of every network and every partition. */
class GgnPropertyTest {
    private static final int TRIES = 40;

    private static DerivativeSummary ggn(RandomCase random) {
        return random.ggn(random.partition, DType.DOUBLE, 4, random.rows());
    }

    @Property(seed = "21", tries = TRIES)
    void isPositiveSemidefinite(@ForAll long seed) {
        double[][] ggn = ggn(new RandomCase(seed)).h();
        double[] values = Eigen.of(ggn).values();
        double least = Arrays.stream(values).min().orElseThrow();
        assertTrue(least >= -1e-12 * largest(flat(ggn)), () -> "eigenvalues " + Arrays.toString(values));
    }

    @Property(seed = "22", tries = TRIES)
    void hasTheHessiansLossAndSlopes(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        DerivativeSummary exact = random.summary();
        DerivativeSummary found = ggn(random);
        assertEquals(exact.samples(), found.samples());
        assertEquals(exact.loss(), found.loss(), 1e-13 * exact.loss());
        close(exact.g(), found.g(), largest(exact.g()), 1e-12, "g");
    }

    @Property(seed = "23", tries = TRIES)
    void isTheHessianOfANetworkThatIsLinearInTheParameters(@ForAll long seed) {
        RandomCase random = RandomCase.linear(seed);
        close(random.summary(), ggn(random), 1e-12);
    }

    @Property(seed = "24", tries = TRIES)
    void ofTheLastLayerIsItsHessian(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        int last = random.layout.count() - 1;
        Partition canonical = Partitions.parse("canonical", random.layout);
        DerivativeSummary exact = random.summary(canonical, DType.DOUBLE, 4, random.rows());
        DerivativeSummary found = random.ggn(canonical, DType.DOUBLE, 4, random.rows());
        for (int s = last - 1; s <= last; s++) {
            double[] expected = Arrays.copyOfRange(exact.h()[s], last - 1, last + 1);
            close(expected, Arrays.copyOfRange(found.h()[s], last - 1, last + 1), largest(expected), 1e-12, "row " + s);
            assertEquals(exact.order3()[s], found.order3()[s], 1e-12 * largest(exact.order3()), "order3 " + s);
        }
    }

    @Property(seed = "25", tries = TRIES)
    void microBatchesDoNotMatter(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        DerivativeSummary plain = ggn(random);
        for (int microBatch : new int[] {0, 1, 3, 20}) {
            close(plain, random.ggn(random.partition, DType.DOUBLE, microBatch, random.shuffledRows()), 1e-12);
        }
    }

    @Property(seed = "26", tries = TRIES)
    void aUnionsMatrixIsTheSumOverItsSubsets(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        Partition fine = Partitions.parse("canonical", random.layout);
        double[][] parts = random.ggn(fine, DType.DOUBLE, 4, random.rows()).h();
        double[][] sums = new double[random.partition.size()][random.partition.size()];
        for (int i = 0; i < fine.size(); i++) {
            for (int j = 0; j < fine.size(); j++) {
                sums[random.partition.subsetOf(i)][random.partition.subsetOf(j)] += parts[i][j];
            }
        }
        close(flat(sums), flat(ggn(random).h()), largest(flat(parts)), 1e-11, "G");
    }

    @Property(seed = "27", tries = TRIES)
    void singlePrecisionAgreesWithDouble(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        close(ggn(random), random.ggn(random.partition, DType.FLOAT, 4, random.rows()), 1e-3);
    }

    @Property(seed = "28", tries = TRIES)
    void aProgramOfItGivesTheSameGradients(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        GradientSum expected = random.gradient(random.theta);
        GradientSum found = random.gradientOfGgnProgram();
        assertEquals(expected.loss(), found.loss());
        assertArrayEquals(expected.gradient().toDoubles(), found.gradient().toDoubles());
    }
}

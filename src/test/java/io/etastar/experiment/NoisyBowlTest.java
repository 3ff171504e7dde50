package io.etastar.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoisyBowlTest {
    private static final String DENSE =
            "optimizers { lodo { name = lodo, lodo { kind = dense, meta = sgd, initial = 0.5, meta_lr = 0.01, beta = 0 } } }";

    @TempDir
    Path directory;

    private NoisyBowl experiment(ExperimentFile file) {
        return new NoisyBowl(
                file,
                new RunContext(
                        1,
                        () -> {
                            throw new AssertionError("no Spark here");
                        },
                        null,
                        line -> {}));
    }

    private ExperimentFile file(String keys) throws IOException {
        Path path = directory.resolve("bowl.conf");
        Files.writeString(path, "kind = noisy-bowl\n" + keys + "\n");
        return ExperimentFile.load(path.toString(), List.of());
    }

    private Outcome run(String keys) throws IOException {
        ExperimentFile file = file(keys);
        return experiment(file).run(file.optimizers().get(0), 3, Experiment.StepLosses.NONE);
    }

    /** The bowl's Hessian in full, and the moves of its centre, as lodo's steps go; none of the code under test but the bowl. */
    private static double errorByHand(int steps, double rate) {
        Bowl bowl = new Bowl(3, 0.25, 1, 0, 3);
        double[][] g = {{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}};
        double[] x = new double[3];
        double[] last = new double[3];
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < 3; i++) {
                x[i] -= ClosedForm.dot(g[i], last);
            }
            bowl.at(step);
            double[] gradient = bowl.gradient(x);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    g[i][j] += rate * gradient[i] * last[j];
                }
            }
            last = gradient;
        }
        double square = 0;
        for (int j = 0; j < 3; j++) {
            double[] unit = new double[3];
            unit[j] = 1;
            double[] column = bowl.product(unit, unit);
            for (int i = 0; i < 3; i++) {
                square += Math.pow(unit[i] - ClosedForm.dot(g[i], column), 2);
            }
        }
        return Math.sqrt(square / 3);
    }

    @Test
    void theErrorIsThatOfTheRecursion() throws IOException {
        Outcome outcome = run("steps = 50, dimension = 3, least_eigenvalue = 0.25\n" + DENSE);
        assertEquals(errorByHand(50, 0.01), outcome.get("hessian_error"), 1e-13);
        double[] errors = outcome.curves().get(NoisyBowl.ERROR).y();
        assertEquals(50, errors.length);
        assertEquals(errorByHand(20, 0.01), errors[19], 1e-13);
    }

    /** So many steps that none of a hundredth is over when the time is. */
    @Test
    void aRunThatEndsAfterSecondsTellsItsLastError() throws IOException {
        Outcome outcome = run("steps = 2000000000, seconds = 0.05, dimension = 3, least_eigenvalue = 0.25\n" + DENSE);
        int steps = (int) outcome.get("steps");
        assertTrue(steps > 0 && steps < 20_000_000, "" + steps);
        assertEquals(errorByHand(steps, 0.01), outcome.get("hessian_error"), 1e-9);
        assertArrayEquals(
                new double[] {steps}, outcome.curves().get(NoisyBowl.ERROR).x());
    }

    /** Where A = I - G H shares the eigenvectors of H, the mean flow is a' = -rate h^3 sigma^2 a / (1 - a^2). */
    private static double flow(double h, double rate, double sigma, int steps) {
        double a = 1 - 0.5 * h;
        for (int step = 0; step < steps; step++) {
            a -= rate * h * h * h * sigma * sigma * a / (1 - a * a);
        }
        return a;
    }

    @Test
    void theErrorFallsAsTheMeanFlowDoes() throws IOException {
        int steps = 2000;
        double[] errors = new double[8];
        for (int seed = 0; seed < errors.length; seed++) {
            ExperimentFile file = file(
                    "steps = " + steps + ", dimension = 3, least_eigenvalue = 0.5\n" + DENSE.replace("0.01", "0.001"));
            errors[seed] = experiment(file)
                    .run(file.optimizers().get(0), seed, Experiment.StepLosses.NONE)
                    .get("hessian_error");
        }
        double square = 0;
        for (double h : new double[] {0.5, Math.sqrt(0.5), 1}) {
            square += Math.pow(flow(h, 0.001, 1, steps), 2);
        }
        double expected = Math.sqrt(square / 3);
        double mean = 0;
        for (double error : errors) {
            mean += error / errors.length;
        }
        assertTrue(expected < 0.45, "from 0.65: " + expected);
        assertEquals(expected, mean, 0.1 * expected);
    }

    @Test
    void newtonStaysAtASaddleAndWhatLearnsLeavesIt() throws IOException {
        String saddle = "steps = 400, dimension = 4, least_eigenvalue = 0.5, negative = 1, begin_at_newton = true\n";
        assertTrue(run(saddle + "optimizers { newton { reference = newton } }").get("distance") < 5);
        String still = DENSE.replace("0.01", "0");
        assertTrue(run(saddle + still).get("distance") < 8, "two steps late");
        assertTrue(run(saddle + DENSE).get("distance") > 100);
        String blocks = "optimizers { lodo { name = lodo } }";
        UserError error = assertThrows(UserError.class, () -> run(saddle + blocks));
        assertTrue(error.getMessage().contains("lodo.kind = dense"), error.getMessage());
    }

    @Test
    void lossesAreScaledByTheNoise() throws IOException {
        String noise = "steps = 200, dimension = 5, sigmas = [0.5, 2]\n";
        Outcome newton = run(noise + "optimizers { newton { reference = newton } }");
        assertEquals(newton.get("scaled_loss_0.5"), newton.get("scaled_loss_2.0"), 1e-12);
        assertArrayEquals(
                new double[] {Math.log10(0.5), Math.log10(2)},
                newton.curves().get("noise").x());
        Outcome adam = run(noise + "optimizers { adam { name = adam, lr = 1 } }");
        assertTrue(adam.get("scaled_loss_0.5") > 1.5 * newton.get("scaled_loss_0.5"));
    }

    @Test
    void whatIsLearnedIsOfNoUseOnAnotherBowl() throws IOException {
        String keys = "steps = 5000, dimension = 10, least_eigenvalue = 0.001, frozen_steps = 10\n";
        String lodo = "optimizers { lodo { name = lodo, lodo { initial = 0.27, meta_lr = 0.001, beta = 0.2 } } }";
        Outcome outcome = run(keys + lodo);
        assertTrue(outcome.get("frozen_loss") > 100 * outcome.get("mean_loss"), outcome.toString());
        Outcome not = run(keys + lodo.replace("0.001", "0"));
        assertTrue(not.get("frozen_loss") < not.get("mean_loss"), not.toString());
    }

    @Test
    void levenbergAndMarquardtComeToNewtonAndBfgsDoesNot() throws IOException {
        String keys = "steps = 2000, dimension = 10, least_eigenvalue = 0.01\n";
        double newton = run(keys + "optimizers { a { reference = newton } }").get("mean_loss");
        assertEquals(
                newton,
                run(keys + "optimizers { a { reference = levenberg-marquardt } }")
                        .get("mean_loss"),
                1e-9);
        assertTrue(run(keys + "optimizers { a { reference = bfgs } }").get("mean_loss") > 2 * newton);
    }

    @Test
    void theBowlSolvesShiftedSystems() {
        Bowl bowl = new Bowl(5, 0.1, 1, 2, 1);
        double[] v = new Random(4).doubles(5, -1, 1).toArray();
        double[] solved = new double[5];
        bowl.solve(0.3, v, solved);
        double[] back = bowl.product(solved, solved);
        for (int i = 0; i < 5; i++) {
            back[i] += 0.3 * solved[i];
        }
        assertArrayEquals(v, back, 1e-13);
        List<Double> growths = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            growths.add(new Bowl(5, 0.1, 0, 2, seed).downhill(v));
        }
        growths.forEach(growth ->
                assertTrue(growth > 0 && growth < Math.sqrt(ClosedForm.dot(v, v)), growths.toString()));
        assertEquals(0, new Bowl(5, 0.1, 0, 0, 1).downhill(v));
    }
}

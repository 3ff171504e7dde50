package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do, against plain loops: extend this, give a new backend in {@link #create}, and all tests here
 * and above run on it.
 */
public abstract class KernelsContract extends WindowsContract {
    private static final int[][] IMAGES = {{2, 3, 7, 6}, {1, 2, 8, 9}, {3, 1, 5, 5}};
    private static final int[][] SIDES = {{3, 2}, {2, 2}, {1, 1}, {3, 3}};

    static Stream<Window> windows() {
        List<Window> windows = new ArrayList<>();
        for (int[] sides : SIDES) {
            for (int stride = 1; stride <= 2; stride++) {
                for (int dilation = 1; dilation <= 2; dilation++) {
                    for (int padding = 0; padding <= 2; padding++) {
                        windows.add(window(sides, stride, padding, dilation, false));
                    }
                    windows.add(window(sides, stride, 0, dilation, true));
                }
            }
        }
        windows.add(new Window(new int[] {2, 3}, new int[] {1, 2}, new int[] {1, 0}, new int[] {2, 1}, false));
        return windows.stream();
    }

    /** Windows for poolings: none lies in the padding alone. */
    static Stream<Window> poolings() {
        return windows().filter(w -> w.padding()[0] < w.kernel()[0] && w.padding()[1] < w.kernel()[1]);
    }

    private static Window window(int[] sides, int stride, int padding, int dilation, boolean same) {
        return new Window(
                sides, new int[] {stride, stride}, new int[] {padding, padding}, new int[] {dilation, dilation}, same);
    }

    private static int[] outputs(int[] images, int channels, Window w) {
        return new int[] {images[0], channels, w.outputSide(0, images[2]), w.outputSide(1, images[3])};
    }

    private static String what(String op, int[] images, Window w) {
        return op + " of " + text(images) + " by " + text(w.kernel()) + " stride " + text(w.stride()) + " padding "
                + text(w.padding()) + " dilation " + text(w.dilation()) + (w.same() ? " same" : "");
    }

    @ParameterizedTest
    @MethodSource("windows")
    void convolutionAndItsAdjoints(Window w) {
        for (int[] images : IMAGES) {
            for (int channels : new int[] {1, 4}) {
                Tensor x = random(images);
                Tensor weight = random(channels, images[1], w.kernel()[0], w.kernel()[1]);
                Tensor a = random(outputs(images, channels, w));
                Tensor z = output(a.shape());
                Tensor toImages = output(images);
                Tensor toWeight = output(weight.shape());
                kernels.convolution(x, weight, z, w).run();
                kernels.convolutionImageAdjoint(a, weight, toImages, w).run();
                kernels.convolutionWeightAdjoint(x, a, toWeight, w).run();
                double[] expected = new double[z.length()];
                double[] expectedImages = new double[x.length()];
                double[] expectedWeight = new double[weight.length()];
                Naive.convolve(images, weight.shape(), z.shape(), w, (o, i, k) -> {
                    expected[o] += x.get(i) * weight.get(k);
                    expectedImages[i] += a.get(o) * weight.get(k);
                    expectedWeight[k] += a.get(o) * x.get(i);
                });
                close(expected, z, 20, what("convolution", images, w));
                close(expectedImages, toImages, 20, what("image adjoint", images, w));
                close(expectedWeight, toWeight, 100, what("weight adjoint", images, w));
                double product = Naive.dot(z.toDoubles(), a.toDoubles());
                double allowed = tolerance(x.length());
                assertEquals(product, Naive.dot(x.toDoubles(), toImages.toDoubles()), allowed, "<x, adjoint>");
                assertEquals(product, Naive.dot(weight.toDoubles(), toWeight.toDoubles()), allowed, "<w, adjoint>");
            }
        }
    }

    /** N, C, M, H, W, side of the kernel, padding: what algorithms are chosen by. */
    static Stream<int[]> geometries() {
        return Stream.of(
                new int[] {3, 32, 48, 5, 5, 3, 1},
                new int[] {2, 96, 96, 7, 4, 3, 1},
                new int[] {2, 96, 96, 4, 7, 3, 0},
                new int[] {2, 96, 112, 2, 2, 3, 1},
                new int[] {1, 96, 96, 3, 3, 3, 2},
                new int[] {70, 96, 96, 6, 6, 3, 1},
                new int[] {2, 5, 7, 9, 11, 5, 0},
                new int[] {2, 5, 6, 9, 20, 3, 1},
                new int[] {37, 6, 16, 14, 14, 5, 0},
                new int[] {20, 3, 5, 6, 7, 3, 1},
                new int[] {17, 9, 2, 5, 6, 3, 2},
                new int[] {3, 20, 40, 6, 6, 1, 0},
                new int[] {2, 40, 40, 6, 6, 1, 0});
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void convolutionsOfAllSizes(int... g) {
        Window w =
                new Window(new int[] {g[5], g[5]}, new int[] {1, 1}, new int[] {g[6], g[6]}, new int[] {1, 1}, false);
        int[] images = {g[0], g[1], g[3], g[4]};
        Tensor x = random(images);
        Tensor weight = random(g[2], g[1], g[5], g[5]);
        Tensor a = random(outputs(images, g[2], w));
        Tensor z = output(a.shape());
        Tensor toImages = output(images);
        Tensor toWeight = output(weight.shape());
        double[] expected = new double[z.length()];
        double[] expectedImages = new double[x.length()];
        double[] expectedWeight = new double[weight.length()];
        Naive.convolve(images, weight.shape(), z.shape(), w, (o, i, k) -> {
            expected[o] += x.get(i) * weight.get(k);
            expectedImages[i] += a.get(o) * weight.get(k);
            expectedWeight[k] += a.get(o) * x.get(i);
        });
        Kernel forward = kernels.convolution(x, weight, z, w);
        Kernel back = kernels.convolutionImageAdjoint(a, weight, toImages, w);
        Kernel across = kernels.convolutionWeightAdjoint(x, a, toWeight, w);
        for (int times = 0; times < 2; times++) {
            forward.run();
            back.run();
            across.run();
            close(expected, z, 100 + g[1], what("convolution", images, w));
            close(expectedImages, toImages, 100 + g[2], what("image adjoint", images, w));
            close(expectedWeight, toWeight, 200 + 10 * g[0], what("weight adjoint", images, w));
        }
    }

    /** What is derived from a weight is kept only until the weight is written to. */
    @ParameterizedTest
    @MethodSource("geometries")
    void convolutionsFollowTheirWeight(int... g) {
        Window w =
                new Window(new int[] {g[5], g[5]}, new int[] {1, 1}, new int[] {g[6], g[6]}, new int[] {1, 1}, false);
        int[] images = {g[0], g[1], g[3], g[4]};
        Tensor x = random(images);
        Tensor leaf = kernels.allocateLeaf(g[2], g[1], g[5], g[5]);
        Tensor z = output(outputs(images, g[2], w));
        Kernel forward = kernels.convolution(x, leaf, z, w);
        for (int times = 0; times < 2; times++) {
            Tensor weight = random(leaf.shape());
            leaf.write(RawArray.of(weight.toDoubles()));
            Tensor again = output(z.shape());
            kernels.convolution(x, weight, again, w).run();
            forward.run();
            assertArrayEquals(again.toDoubles(), z.toDoubles());
        }
    }

    static Stream<Window> densePoolings() {
        return poolings().filter(w -> !w.dilated());
    }

    @ParameterizedTest
    @MethodSource("densePoolings")
    void averagePoolAndItsAdjoint(Window w) {
        for (int[] images : IMAGES) {
            for (boolean countPadding : new boolean[] {true, false}) {
                Tensor x = random(images);
                Tensor a = random(outputs(images, images[1], w));
                Tensor z = output(a.shape());
                Tensor adjoint = output(images);
                kernels.averagePool(x, z, w, countPadding).run();
                kernels.averagePoolAdjoint(x, a, adjoint, w, countPadding).run();
                double[] divisor = new double[z.length()];
                Naive.pool(images, z.shape(), w, (o, i, k) -> divisor[o]++);
                if (countPadding) {
                    java.util.Arrays.fill(divisor, w.kernel()[0] * w.kernel()[1]);
                }
                double[] expected = new double[z.length()];
                double[] expectedAdjoint = new double[x.length()];
                Naive.pool(images, z.shape(), w, (o, i, k) -> {
                    expected[o] += x.get(i) / divisor[o];
                    expectedAdjoint[i] += a.get(o) / divisor[o];
                });
                String what = what("mean, padding counted: " + countPadding, images, w);
                close(expected, z, 10, what);
                close(expectedAdjoint, adjoint, 10, "adjoint of the " + what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void maxPoolRemembersTheFirstWinner(Window w) {
        for (int[] images : IMAGES) {
            Tensor x = whole(4, images);
            kernels.affine(x, 1, -2, x).run();
            Tensor z = output(outputs(images, images[1], w));
            Indices places = kernels.allocateIndices(z.length());
            kernels.maxPool(x, z, places, w).run();
            kernels.synchronise();
            int[] winners = places.toInts();
            int[] expected = new int[z.length()];
            java.util.Arrays.fill(expected, -1);
            Naive.pool(images, z.shape(), w, (o, i, k) -> {
                if (expected[o] < 0 || x.get(i) > x.get(expected[o])) {
                    expected[o] = i;
                }
            });
            assertArrayEquals(expected, winners, what("winners", images, w));
            checkWinners(x, winners, z);
        }
    }

    private void checkWinners(Tensor x, int[] winners, Tensor z) {
        assertArrayEquals(java.util.Arrays.stream(winners).mapToDouble(x::get).toArray(), z.toDoubles());
        for (int stack : new int[] {1, 3}) {
            Tensor in = random(Shapes.stacked(stack, x.shape()));
            Tensor out = output(Shapes.stacked(stack, z.shape()));
            kernels.gatherWinners(in, kernels.indices(winners), out, stack, x.size(0))
                    .run();
            for (int i = 0; i < out.length(); i++) {
                int k = i / winners.length;
                assertEquals(in.get(k * x.length() + winners[i % winners.length]), out.get(i), "winner " + i);
            }
        }
        Tensor a = random(z.shape());
        Tensor scattered = output(x.shape());
        kernels.scatterWinners(a, kernels.indices(winners), scattered, x.size(0))
                .run();
        double[] expected = new double[x.length()];
        for (int i = 0; i < winners.length; i++) {
            expected[winners[i]] += a.get(i);
        }
        close(expected, scattered, 10, "scatter");
    }

    @Test
    void allocationsAreZeroAndCounted() {
        assertEquals(0, kernels.bytes());
        Tensor tensor = kernels.allocate(3, 5);
        assertArrayEquals(new double[15], tensor.toDoubles());
        assertArrayEquals(new int[] {3, 5}, tensor.shape());
        assertEquals(15L * kernels.type().bytes(), kernels.bytes());
        assertEquals(1, kernels.allocate().length(), "a scalar");
    }
}

package io.etastar.figure;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;

/** A matrix in colours: blue for negative entries, white for 0, red for positive ones, on a logarithmic scale of both signs. */
public final class HeatMap {
    // Of a diverging palette that colour-blind eyes tell apart (ColorBrewer RdBu).
    private static final Color POSITIVE = new Color(178, 24, 43);

    private static final Color ZERO = new Color(247, 247, 247);
    private static final Color NEGATIVE = new Color(33, 102, 172);
    private static final int DECADES = 4;

    private HeatMap() {}

    /**
     * Writes a PNG file.
     *
     * @param file to write
     * @param title above the matrix
     * @param labels of rows and columns [S]
     * @param matrix [S, S], first row on top; entries that are not finite are left blank
     * @param size of the figure in pixels, both ways
     */
    public static void write(Path file, String title, List<String> labels, double[][] matrix, int size)
            throws IOException {
        SignedLogarithm scale = SignedLogarithm.of(matrix, DECADES);
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(size)
                .height(size)
                .title(title)
                .xAxisTitle(legend(scale))
                .build();
        List<String> upwards = new ArrayList<>(labels);
        Collections.reverse(upwards);
        chart.addSeries("matrix", labels, upwards, cells(matrix, scale));
        style(chart.getStyler());
        Figures.write(file, chart);
    }

    private static String legend(SignedLogarithm scale) {
        return String.format(
                Locale.ROOT,
                "red +, blue -; darkest %.1e, half as dark %.1e, white 0",
                scale.largest(),
                scale.value(0.5));
    }

    private static void style(HeatMapStyler style) {
        style.setMin(-1).setMax(1).setRangeColors(new Color[] {NEGATIVE, ZERO, POSITIVE});
        style.setShowValue(false).setPiecewise(false).setDrawBorder(true);
        // The library's colour bar could not show values of this scale: the axis title does.
        style.setLegendVisible(false);
        style.setXAxisLabelRotation(90).setXAxisTickMarkSpacingHint(1).setYAxisTickMarkSpacingHint(1);
        Figures.plain(style);
    }

    /** Column, row from the bottom, place on the scale. */
    private static List<Number[]> cells(double[][] matrix, SignedLogarithm scale) {
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix.length; column++) {
                if (Double.isFinite(matrix[row][column])) {
                    cells.add(new Number[] {column, matrix.length - 1 - row, scale.place(matrix[row][column])});
                }
            }
        }
        return cells;
    }

    /**
     * A scale of numbers of both signs over several powers of ten: v -> sign(v) log(1 + |v| / t) / log(1 + 10^d), t = 10^-d times
     * the largest magnitude, so that the image is [-1, 1] and 0 stays 0. Linear below t, logarithmic above.
     *
     * @param largest largest magnitude, positive
     * @param decades d: powers of ten that are told apart
     */
    record SignedLogarithm(double largest, int decades) {
        /** The scale of the finite entries of {@code matrix}. */
        static SignedLogarithm of(double[][] matrix, int decades) {
            double largest = 0;
            for (double[] row : matrix) {
                for (double value : row) {
                    largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
                }
            }
            return new SignedLogarithm(largest > 0 ? largest : 1, decades);
        }

        /** The place of {@code value} in [-1, 1]; NaN stays NaN. */
        double place(double value) {
            double steps = Math.pow(10, decades);
            return Math.signum(value) * Math.log1p(Math.abs(value) / largest * steps) / Math.log1p(steps);
        }

        /** The value at a place in [-1, 1]. */
        double value(double place) {
            double steps = Math.pow(10, decades);
            return Math.signum(place) * Math.expm1(Math.abs(place) * Math.log1p(steps)) / steps * largest;
        }
    }
}

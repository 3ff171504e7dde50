package io.etastar.figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over one axis. */
public final class LineChart {
    private LineChart() {}

    /**
     * One curve.
     *
     * @param name in the legend
     * @param x abscissae, in the order in which points are joined
     * @param y ordinates, as many; points that are not finite, or not positive if the axis is logarithmic, or beyond 1e15 if it
     *     is not, are left out
     */
    public record Curve(String name, double[] x, double[] y) {}

    /**
     * What an axis shows.
     *
     * @param title what it is
     * @param logarithmic whether its powers of ten are equally far apart
     */
    public record Axis(String title, boolean logarithmic) {
        // The library does not end where steps between ticks are lost to rounding.
        private static final double FARTHEST = 1e15;

        private boolean shows(double value) {
            return Double.isFinite(value) && (logarithmic ? value > 0 : Math.abs(value) < FARTHEST);
        }
    }

    /**
     * Writes a PNG file; none if no curve has a point that can be drawn.
     *
     * @param file to write
     * @param title above the curves
     * @param x title of the horizontal axis
     * @param y vertical axis
     * @param width in pixels
     * @param height in pixels
     */
    public static void write(Path file, String title, String x, Axis y, List<Curve> curves, int width, int height)
            throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y.title())
                .build();
        boolean any = false;
        for (Curve curve : curves) {
            int[] drawn = IntStream.range(0, curve.y().length)
                    .filter(i -> y.shows(curve.y()[i]))
                    .toArray();
            if (drawn.length > 0) {
                any = true;
                XYSeries series = chart.addSeries(curve.name(), pick(curve.x(), drawn), pick(curve.y(), drawn));
                series.setMarker(drawn.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            }
        }
        if (!any) {
            return;
        }
        chart.getStyler().setYAxisLogarithmic(y.logarithmic());
        if (!y.logarithmic()) {
            chart.getStyler().setYAxisDecimalPattern("0.###");
        }
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        Figures.plain(chart.getStyler());
        Figures.write(file, chart);
    }

    private static double[] pick(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }
}

package io.etastar.figure;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/** What all figures share. */
final class Figures {
    static {
        // A server has no screen.
        System.setProperty("java.awt.headless", "true");
    }

    private Figures() {}

    static void plain(Styler style) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setAntiAlias(true);
    }

    static void write(Path file, Chart<?, ?> chart) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, out, "png");
        }
    }
}

package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports in headless Chromium; leaves screenshots in target/report-screenshots. */
class ReportBrowserTest {
    private static final Path SCREENSHOTS = Path.of("target/report-screenshots");
    private static final int TAB = 9;
    private static final int SPACE = 32;
    private static final int LEFT = 37;

    @TempDir
    static Path directory;

    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.program() != null, "no Chromium on this machine (on Debian: apt-get install chromium)");
        browser = new Browser(directory.resolve("profile"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path report(Path... runs) {
        return Path.of(
                RunReport.write(List.of(runs).stream().map(Path::toString).toList(), null));
    }

    /** Opens a page, which must draw {@code charts} charts without a complaint, a request or horizontal scrolling. */
    private static void open(Path page, int width, boolean dark, int charts) throws Exception {
        browser.open(page, width, 900, dark);
        assertEquals(
                "true",
                browser.evaluate("document.documentElement.dataset.ready || ''").asText());
        assertEquals("[]", browser.evaluate("window.reportErrors").toString());
        assertEquals(List.of(), browser.complaints());
        assertEquals(1, browser.requests().size(), browser.requests().toString());
        assertEquals(
                width,
                browser.evaluate("document.documentElement.scrollWidth").asInt(),
                "the page must not scroll sideways");
        String drawn = "[...document.querySelectorAll('figure:not([hidden]) .chart svg')]"
                + ".filter(svg => svg.querySelectorAll('path').length > 3 && svg.getBoundingClientRect().height > 100).length";
        assertEquals(charts, browser.evaluate(drawn).asInt());
    }

    private static String background() throws Exception {
        return browser.evaluate("getComputedStyle(document.body).backgroundColor")
                .asText();
    }

    @Test
    void everyChartIsDrawnAtBothWidthsAndInBothThemes() throws Exception {
        Path run = SyntheticRun.write(directory.resolve("run"), 300, 10, true);
        Path page = report(run);
        Map<String, String> backgrounds = new TreeMap<>();
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {1280, 400}) {
                open(page, width, dark, 9);
                String name = width + (dark ? "-dark" : "-light");
                browser.screenshot(SCREENSHOTS.resolve(name + ".png"), 0);
                backgrounds.put(name, background());
                assertEquals("[]", overlaps(), name);
            }
        }
        assertNotEquals(backgrounds.get("1280-light"), backgrounds.get("1280-dark"));
    }

    /** Texts of a chart that lie over each other. */
    private static String overlaps() throws Exception {
        String script = "[...document.querySelectorAll('figure:not([hidden]) svg')].flatMap(svg => {"
                + "const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim() && !t.closest('[clip-path]') && !t.getAttribute('transform')"
                + "?.includes('matrix')).map(t => [t.textContent, t.getBoundingClientRect()]);"
                + "return texts.flatMap(([a, r], i) => texts.slice(i + 1).filter(([b, s]) => r.left < s.right - 2 && s.left < r.right - 2"
                + " && r.top < s.bottom - 3 && s.top < r.bottom - 3).map(([b]) => svg.closest('figure').id + ': ' + a + ' | ' + b));})";
        return browser.evaluate(script).toString();
    }

    @Test
    void manySubsetsAndSeveralRuns() throws Exception {
        Path large = SyntheticRun.write(directory.resolve("sixty-subsets"), 500, 60, true);
        Path sgd = SyntheticRun.write(directory.resolve("stochastic-gradient"), 400, 0, true);
        Path page = report(large, sgd);
        open(page, 1280, false, 9);
        assertEquals("[]", overlaps());
        browser.screenshot(SCREENSHOTS.resolve("comparison.png"), 0);
        open(page, 400, true, 9);
        assertEquals("[]", overlaps());
        browser.screenshot(SCREENSHOTS.resolve("comparison-400-dark.png"), 0);
        browser.evaluate("document.getElementById('run').value = 1;"
                + "document.getElementById('run').dispatchEvent(new Event('change'))");
        String visible = "[...document.querySelectorAll('figure:not([hidden])')].map(figure => figure.id).join(' ')";
        assertEquals("loss accuracy seconds totals", browser.evaluate(visible).asText());
        assertTrue(browser.evaluate("document.getElementById('tables').innerText")
                .asText()
                .contains("optimizer.name"));
    }

    @Test
    void runsThatHaveNotEndedOrNotBegunSaySo() throws Exception {
        open(report(SyntheticRun.write(directory.resolve("going-on"), 30, 3, false)), 1280, false, 9);
        String message = "document.getElementById('state').innerText";
        assertTrue(browser.evaluate(message).asText().contains("has not ended: what it did up to step 30"));
        open(report(SyntheticRun.write(directory.resolve("empty"), 0, 0, false)), 400, false, 0);
        assertEquals("No steps yet.", browser.evaluate(message).asText());
    }

    @Test
    void thePlanIsShownIfTheRunHasOne() throws Exception {
        Path planned = SyntheticRun.write(directory.resolve("planned"), 30, 3, true);
        Path earlier = SyntheticRun.write(directory.resolve("earlier"), 30, 3, true);
        String line = "1 shard, 280 steps a job, batch 100: 0.005 s an epoch expected when warm";
        Files.writeString(planned.resolve("plan.txt"), "plan: " + line + "\n");
        String header = "document.querySelector('header').innerText";
        open(report(planned), 400, false, 9);
        assertTrue(browser.evaluate(header).asText().contains("\nplan: " + line + "\n"));
        open(report(earlier), 400, false, 9);
        assertFalse(browser.evaluate(header).asText().contains("plan:"));
        String results = "document.querySelector('#results tbody tr:last-child').innerText.trim()";
        open(report(earlier, planned), 1280, false, 9);
        assertEquals("plan\t\t" + line, browser.evaluate(results).asText());
    }

    @Test
    void columnsClassesAndWhatIsOddAreShown() throws Exception {
        Path run = SyntheticRun.write(directory.resolve("table"), 100, 4, true);
        SyntheticModel.write(run, SyntheticModel.COLUMNS, List.of("no", "yes"));
        String data = "[...document.querySelectorAll('#tables details')].map(d => d.innerText)[0]";
        for (int width : new int[] {1280, 400}) {
            open(report(run), width, width == 400, 9);
            String text = browser.evaluate(data).asText();
            assertTrue(
                    text.startsWith(
                            "Data: 6 columns (1 number, 3 categories, 1 date, 1 vector), 2 with gaps; 2 classes"),
                    text);
            assertTrue(text.contains("<b>sex\t2 categories: f, m"), text);
            assertTrue(text.contains("street\ttexts, hashed into 1000 buckets"), text);
            assertTrue(text.contains("since\tdate\t\t2015-03-02\t100 days"), text);
            assertTrue(text.contains("Classes: no, yes"), text);
            browser.screenshot(SCREENSHOTS.resolve("table-" + width + ".png"), 0);
        }
        String odd = browser.evaluate("document.getElementById('findings').innerText")
                .asText();
        assertTrue(odd.startsWith("eta* was negative for "), odd);
        Path wide = SyntheticRun.write(directory.resolve("wide"), 100, 0, true);
        SyntheticModel.write(wide, SyntheticModel.numbers(9000), List.of());
        open(report(wide, run), 1280, false, 4);
        String both = browser.evaluate("document.getElementById('tables').textContent")
                .asText();
        assertTrue(both.contains("Data of wide: 9000 columns (9000 numbers)"), both.substring(0, 200));
        assertTrue(both.contains("The first 200 of 9000 columns."), both.substring(0, 200));
        assertTrue(both.contains("Data of table: 6 columns"), both.substring(0, 200));
    }

    @Test
    void whatWasMeasuredOnTestRowsIsDrawn() throws Exception {
        Path run = SyntheticRun.write(directory.resolve("measured"), 100, 4, true);
        SyntheticModel.write(run, SyntheticModel.numbers(3), List.of("no", "yes"));
        Files.writeString(
                run.resolve("columns.json"),
                "{\"importance\": {\"rows\": 90, \"columns\": [{\"column\": \"x0\", \"loss_increase\": 1.5,"
                        + "\"accuracy_decrease\": 0.25}, {\"column\": \"<i>x1\", \"loss_increase\": -0.01}]},"
                        + "\"interactions\": {\"rows\": 90, \"columns\": [\"x0\", \"x1\"], \"g\": [1, 2], \"h\": [[1, -2], [-2, 3]]}}");
        Files.writeString(
                run.resolve("classes.json"),
                "{\"classes\": {\"rows\": 90, \"count\": 2, \"classes\": [{\"name\": \"no\", \"rows\": 60, \"correct\": 45,"
                        + "\"mistaken_for\": \"yes\"}, {\"name\": \"yes\", \"rows\": 30, \"correct\": 30}],"
                        + "\"confusion\": [[45, 15], [0, 30]]}}");
        Files.writeString(
                run.resolve("predictions.json"),
                "{\"predictions\": {\"rows\": 90, \"worst\": [{\"target\": \"<b>no\", \"prediction\": \"yes\", \"probability\": 0.75,"
                        + "\"of_target\": 0.25}], \"spread\": [{\"target\": \"yes\", \"prediction\": \"yes\", \"probability\": 1,"
                        + "\"of_target\": 1}]}}");
        Path earlier = SyntheticRun.write(directory.resolve("before"), 100, 4, true);
        Files.writeString(
                earlier.resolve("predictions.json"),
                "{\"predictions\": {\"rows\": 5, \"worst\": [{\"target\": 2, \"prediction\": 2.5, \"error\": 0.5}], \"spread\": []}}");
        for (int width : new int[] {1280, 400}) {
            open(report(run, earlier), width, width == 400, 12);
            assertEquals("[]", overlaps());
            browser.screenshot(SCREENSHOTS.resolve("measured-" + width + ".png"), 0);
        }
        String texts = browser.evaluate("document.getElementById('importance').textContent")
                .asText();
        assertTrue(texts.contains("<i>x1") && texts.contains("On 90 test rows."), texts);
        String table = browser.evaluate("[...document.querySelectorAll('#tables details')]"
                        + ".find(d => d.innerText.startsWith('Accuracy by class')).textContent")
                .asText();
        assertTrue(table.contains("no60" + "66.67 %" + "75.00 %" + "yes"), table);
        String predictions = browser.evaluate("[...document.querySelectorAll('#tables details')]"
                        + ".filter(d => d.innerText.startsWith('Predictions')).map(d => d.textContent).join('|')")
                .asText();
        assertTrue(predictions.contains("<b>noyes75.00 %25.00 %"), predictions);
        assertTrue(predictions.contains("On 90 test rows.") && predictions.contains("22.50.5"), predictions);
        browser.evaluate("document.getElementById('run').value = 1;"
                + "document.getElementById('run').dispatchEvent(new Event('change'))");
        assertTrue(browser.evaluate(
                        "['importance', 'confusion', 'column-interactions'].every(id => document.getElementById(id).hidden)")
                .asBoolean());
    }

    private static void choose(String unit) throws Exception {
        browser.evaluate("document.querySelector('[name=x][value=" + unit + "]').click()");
    }

    /** What the button of a chart saves. */
    private static String csv(String figure) throws Exception {
        browser.evaluate("window.saved = null; window.blobOf = window.blobOf || Blob;"
                + "window.Blob = function(parts, type) { window.saved = parts.join(''); return new window.blobOf(parts, type); };"
                + "document.querySelector('#" + figure + " .csv').click()");
        return browser.evaluate("window.saved").asText();
    }

    @Test
    void chartsAreSavedAsCsvInTheUnitOfTheirAxis() throws Exception {
        open(report(SyntheticRun.write(directory.resolve("csv"), 100, 4, true)), 1280, false, 9);
        List<String> losses = csv("loss").lines().toList();
        assertEquals("steps,training batches,\"training, epoch mean\",test", losses.get(0));
        assertEquals(101, losses.size());
        assertTrue(losses.get(50).matches("50,[-0-9.e]+,1,1.2"), losses.get(50));
        assertTrue(losses.get(51).matches("51,[-0-9.e]+,,"), losses.get(51));
        choose("seconds");
        // An epoch of 50 steps takes 10.5 seconds.
        assertTrue(csv("loss").contains("\n21,"), csv("loss"));
        assertTrue(csv("loss").startsWith("seconds,"), csv("loss"));
        choose("epochs");
        assertTrue(csv("loss").contains("\n2,"), csv("loss"));
        // Rates of 0 are 0, and eigenvalues what they are, not their places on the axis.
        List<String> rates = csv("rates").lines().toList();
        assertEquals("epochs,layers.0.weight,layers.0.bias,layers.1.weight,layers.1.bias", rates.get(0));
        assertTrue(rates.get(1).startsWith("0.02,0,0.0084147,0.009093,0.0014112"), rates.get(1));
        assertEquals(11, rates.size());
        List<String> matrix = csv("matrix").lines().toList();
        assertEquals(",layers.0.weight,layers.1.weight,layers.0.bias,layers.1.bias", matrix.get(0));
        assertEquals(5, matrix.size());
        assertTrue(csv("totals").startsWith("seconds,compute,broadcast,"), csv("totals"));
        assertEquals("[]", browser.evaluate("window.reportErrors").toString());
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void aRunThatStoodStillHasALineAndLegendsTellDashes() throws Exception {
        open(report(SyntheticRun.write(directory.resolve("dashes"), 100, 4, true)), 1280, false, 9);
        String rates = "charts.get('rates').getOption()";
        assertEquals(
                "[\"solid\",[5,4],\"solid\",[5,4]]",
                browser.evaluate(rates + ".series.map(each => each.lineStyle.type)")
                        .toString());
        assertTrue(browser.evaluate(rates + ".series[0].data.every(point => point.value[1] !== null)")
                .asBoolean());
        String dashes = "[...document.querySelectorAll('#rates svg path[stroke-dasharray]')]"
                + ".map(path => path.getBoundingClientRect()).filter(box => box.height < 3 && box.width > 30).length";
        assertEquals(2, browser.evaluate(dashes).asInt());
    }

    @Test
    void runsOfOtherRowsAreNotComparedWithoutAWord() throws Exception {
        Path one = SyntheticRun.write(directory.resolve("one"), 100, 0, true);
        Path two = SyntheticRun.write(directory.resolve("two"), 100, 0, true);
        String message = "document.getElementById('state').innerText";
        open(report(one, two), 1280, false, 4);
        assertFalse(browser.evaluate(message).asText().contains("different rows"));
        Path config = two.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"seed\": 1", "\"seed\": 7"));
        open(report(one, two), 1280, false, 4);
        assertTrue(
                browser.evaluate(message)
                        .asText()
                        .endsWith(
                                "(one: seed 1; two: seed 7): their losses and accuracies" + " are not to be compared."),
                browser.evaluate(message).asText());
        Files.writeString(
                config, Files.readString(config).replace("\"digits\", \"path\": null", "\"csv\", \"path\": \"x.csv\""));
        open(report(one, two), 1280, false, 4);
        assertTrue(
                browser.evaluate(message)
                        .asText()
                        .contains("(one: source digits, path none, seed 1; two: source csv, path x.csv, seed none)"),
                browser.evaluate(message).asText());
    }

    @Test
    void controlsWorkByKeyboard() throws Exception {
        open(report(SyntheticRun.write(directory.resolve("keys"), 100, 4, true)), 1280, false, 9);
        String light = background();
        browser.press("Tab", TAB);
        assertEquals("theme", browser.evaluate("document.activeElement.id").asText());
        browser.evaluate("document.getElementById('theme').click()");
        assertNotEquals(light, background());
        String at = "document.getElementById('matrix-at').textContent";
        String before = browser.evaluate(at).asText();
        browser.evaluate("document.getElementById('matrix-step').focus()");
        browser.press("ArrowLeft", LEFT);
        assertEquals("91 (10 of 10)", before);
        assertEquals("81 (9 of 10)", browser.evaluate(at).asText());
        browser.evaluate("document.getElementById('loss-log').focus()");
        boolean log =
                browser.evaluate("document.getElementById('loss-log').checked").asBoolean();
        browser.press(" ", SPACE);
        assertEquals(
                !log,
                browser.evaluate("document.getElementById('loss-log').checked").asBoolean());
        assertFalse(browser.evaluate("window.reportErrors.length > 0").asBoolean());
    }
}

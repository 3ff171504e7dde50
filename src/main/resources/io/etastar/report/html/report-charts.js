// What each chart shows: functions of a run, or of all, that give options for ECharts; null where there is nothing to show.
const PALETTE = {
  light: ["#0b6aa8", "#d1580c", "#1a8f66", "#b0499a", "#9a7200", "#3ba3d0", "#6d6d78", "#7a52c7"],
  dark: ["#5eb1ea", "#f0914d", "#4cc79a", "#df86cb", "#d6ae3c", "#8ad3f2", "#a9adb8", "#b095f2"],
};

/** Width of a line in a legend: enough for two dashes and a gap on either side of the point. */
const LEGEND = 36;
const DASHES = [5, 4];

const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");
const css = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const colour = i => PALETTE[theme()][i % PALETTE.light.length];

/** Tensors of one layer share a colour; with more layers than colours, hues go once round. */
function subsetStyle(run, s) {
  const layer = subset => subset.name.replace(/\.[^.]*$/, "");
  const layers = [...new Set(run.subsets.map(layer))];
  const i = layers.indexOf(layer(run.subsets[s]));
  const hue = Math.round((300 * i) / layers.length);
  return {
    color: layers.length <= PALETTE.light.length ? colour(i) : `hsl(${hue}, 60%, ${theme() === "dark" ? 65 : 42}%)`,
    type: run.subsets[s].kind === "bias" ? "dashed" : "solid",
  };
}

/** Axes, legend and tooltip that all curves share. */
function frame(unit, valueAxis, series) {
  const muted = css("muted");
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: css("text") },
    aria: { enabled: true },
    grid: { left: 6, right: 18, top: 14, bottom: 52, containLabel: true },
    legend: { show: true, bottom: 0, itemWidth: LEGEND, itemHeight: 8, itemGap: 10, textStyle: { color: css("text"), fontSize: 12, lineHeight: 14 },
      pageTextStyle: { color: muted }, pageIconColor: css("accent"), pageIconInactiveColor: css("line"), pageIconSize: 12 },
    tooltip: { trigger: "axis", confine: true, backgroundColor: css("surface"), borderColor: css("line"),
      textStyle: { color: css("text"), fontSize: 12.5 }, axisPointer: { lineStyle: { color: muted } },
      formatter: items => tooltip(unit, items) },
    xAxis: { type: "value", min: "dataMin", max: "dataMax", name: unit, nameLocation: "middle", nameGap: 24,
      nameTextStyle: { color: muted }, axisLabel: { color: muted, hideOverlap: true, showMaxLabel: false },
      axisLine: { onZero: false, lineStyle: { color: css("line") } }, splitLine: { show: false } },
    yAxis: Object.assign({ type: "value", axisLabel: { color: muted, hideOverlap: true, formatter: value => text(value) },
      axisLine: { show: false }, splitLine: { lineStyle: { color: css("line") } } }, valueAxis),
    series,
  };
}

function tooltip(unit, items) {
  const shown = items.filter(item => item.data.shown !== null && item.value[1] !== null);
  if (!shown.length) return "";
  const rows = shown.slice(0, 14).map(item => item.marker + echarts.format.encodeHTML(item.seriesName) + ": <b>"
    + (item.data.shown ?? text(item.value[1])) + "</b>");
  const more = shown.length > rows.length ? ["and " + (shown.length - rows.length) + " more"] : [];
  return [unit.replace(/s$/, " ") + (Number(shown[0].value[0]) ? text(Number(shown[0].value[0]), 5) : shown[0].value[0]), ...rows, ...more].join("<br/>");
}

function line(name, data, color, more = {}) {
  return Object.assign({ type: "line", name, data, showSymbol: data.length < 60, symbol: more.dash === "dashed" ? "emptyCircle" : "circle", symbolSize: 4,
    lineStyle: { width: 1.8, color, type: more.dash === "dashed" ? DASHES : "solid", opacity: more.opacity || 1 }, itemStyle: { color },
    emphasis: { focus: "series" } }, more.series);
}

/** Loss or accuracy of all runs: batches pale, training dashed, test with points. */
function progress(what, unit, log) {
  const series = [];
  const several = runs.length > 1;
  const logged = value => (log && !(value > 0) ? null : value);
  runs.forEach((run, i) => {
    const prefix = several ? run.name + " " : "";
    const epochs = key => points(run, run.epochs.steps, run.epochs[key], unit, logged);
    const given = values => values.some(value => value !== null);
    if (given(run.steps[what])) {
      series.push(line(prefix + "training batches", points(run, run.steps.step, run.steps[what], unit, logged), colour(several ? i : 6),
        { opacity: 0.45, series: { showSymbol: false } }));
    }
    if (given(run.epochs["train_" + what])) {
      series.push(line(prefix + "training, epoch mean", epochs("train_" + what), colour(several ? i : 0), { dash: "dashed" }));
    }
    if (given(run.epochs["test_" + what])) {
      series.push(line(prefix + "test", epochs("test_" + what), colour(several ? i : 1), { series: { symbolSize: 6 } }));
    }
  });
  if (!series.length) return null;
  const label = what === "accuracy" ? value => Math.round(1000 * value) / 10 + " %" : value => text(value);
  const axis = { type: log ? "log" : "value", scale: true, axisLabel: { color: css("muted"), hideOverlap: true, formatter: label } };
  if (what === "accuracy") axis.max = 1;
  return frame(unit, axis, series);
}

/** Curves on a scale of both signs. */
function signedCurves(unit, curves) {
  const scale = signedLog(curves.flatMap(curve => curve.data.map(point => point[1])));
  const many = curves.length > 12 ? { showSymbol: false } : {};
  const series = curves.map(curve => line(curve.name,
    curve.data.map(point => ({ value: [point[0], scale.place(point[1])], raw: point[1], shown: point[1] === null ? null : text(point[1]) })),
    curve.style.color, { dash: curve.style.type, series: curve.more || many }));
  return frame(unit, { minInterval: 1, axisLabel: { color: css("muted"), formatter: scale.label } }, series);
}

function rates(run, unit, kind) {
  if (!run.subsets.length || !run.summaries[kind].flat().some(value => value !== null)) return null;
  return signedCurves(unit, run.subsets.map((subset, s) => ({
    name: subset.name, style: subsetStyle(run, s), data: points(run, run.summaries.step, run.summaries[kind][s], unit),
  })));
}

function spectrum(run, unit) {
  const found = run.summaries.spectrum;
  if (!found.step.length) return null;
  const n = found.values.length;
  const options = signedCurves(unit, found.values.map((values, i) => ({
    name: "lambda " + (i + 1), data: points(run, found.step, values, unit),
    style: { color: `hsl(${Math.round(20 + (220 * i) / Math.max(1, n - 1))}, 65%, ${theme() === "dark" ? 62 : 45}%)`, type: "solid" },
  })));
  options.legend.show = n <= 12;
  return options;
}

function decrease(run, unit) {
  if (!run.summaries.step.length) return null;
  const curve = (name, key, i, type, more) => ({ name, style: { color: colour(i), type }, more,
    data: points(run, run.summaries.step, run.summaries[key], unit) });
  const circles = { showSymbol: true, symbolSize: 6, lineStyle: { width: 0 } };
  const curves = [curve("predicted, second order", "second_order", 5, "dashed", { showSymbol: false }),
    curve("with third order", "third_order", 0, "solid", { showSymbol: false }), curve("measured", "measured", 1, "solid", circles)];
  return signedCurves(unit, curves.filter(c => c.data.some(point => point[1] !== null)));
}

/** r as a line; points by case, below the line where there is no r. */
function solver(run, unit) {
  const { step, r } = run.summaries;
  if (!step.length) return null;
  const places = r.filter(value => value > 0);
  const low = places.length ? Math.min(...places) : 1;
  const at = r.map(value => (value > 0 ? value : low));
  const series = [line("r", points(run, step, r, unit, value => (value > 0 ? value : null)), css("muted"),
    { opacity: 0.6, series: { showSymbol: false } })];
  [...new Set(run.summaries.case)].sort().forEach((name, i) => {
    const data = points(run, step, at, unit).map((value, k) => ({ value, raw: r[k], shown: r[k] === null ? "no r" : text(r[k]) }))
      .filter((point, k) => run.summaries.case[k] === name);
    series.push({ type: "scatter", name, data, symbolSize: 7, symbol: ["circle", "triangle", "diamond", "rect"][i % 4],
      itemStyle: { color: colour(name === "cubic" ? 0 : i + 1) } });
  });
  const options = frame(unit, { type: "log", axisLabel: { color: css("muted"), hideOverlap: true, formatter: value => text(value) } }, series);
  options.legend.itemWidth = 14;
  return options;
}

const PARTS = ["compute", "broadcast", "fetch", "merge", "scheduling", "solve", "update", "between_steps"];
const partName = part => part.replace("_", " ");

/**
 * Gives the legend as many lines as its names need in {@code width} pixels; with more than five lines it is paged.
 *
 * @return height of the legend in pixels
 */
function layLegend(options, width) {
  if (!options.legend.show) return 0;
  let lines = 1;
  let used = 0;
  options.series.filter(series => series.name).forEach(series => {
    const item = options.legend.itemWidth + 5 + 10 + 7.1 * series.name.length;
    lines += used + item > width ? 1 : 0;
    used = used + item > width ? item : used + item;
  });
  options.legend.type = lines > 5 ? "scroll" : "plain";
  const height = 24 * (lines > 5 ? 1 : lines);
  options.grid.bottom = 32 + height;
  return height;
}

function stack(unit, axis, values) {
  const series = values.map(({ part, data }, i) => ({ type: "bar", stack: "all", name: partName(part), data,
    itemStyle: { color: colour(i) }, emphasis: { focus: "series" } }));
  const options = frame(unit, axis, series);
  options.legend.itemWidth = 10;
  return options;
}

/** Labels at round numbers of steps or epochs, for an axis of bars. */
function roundLabels(values) {
  const span = values[values.length - 1] || 1;
  const power = Math.pow(10, Math.floor(Math.log10(span / 4)));
  const gap = power * ([5, 2].find(factor => span / (power * factor) >= 5) || 1);
  const mark = i => Math.floor(values[i] / gap + 1e-9);
  return { interval: i => i > 0 && mark(i) > mark(i - 1), formatter: (value, i) => text(Number((mark(i) * gap).toPrecision(6))) };
}

/** Largest value of the axis: of steps far beyond the others, such as the first, bars are cut. */
function secondsAxis(run) {
  const sums = run.seconds.step.map((step, i) => PARTS.slice(0, 7).reduce((sum, part) => sum + run.seconds[part][i], 0));
  const usual = [...sums].sort((a, b) => a - b)[Math.floor(0.97 * (sums.length - 1))];
  const largest = Math.max(...sums);
  return largest > 3 * usual ? { max: Number((1.2 * usual).toPrecision(2)), largest } : { max: null, largest };
}

function seconds(run, unit) {
  const values = PARTS.slice(0, 7).map(part => ({ part, data: run.seconds[part] }));
  const label = { color: css("muted"), formatter: value => text(value) + " s" };
  const options = stack(unit, { max: secondsAxis(run).max, axisLabel: label }, values);
  options.series.forEach(series => { series.barCategoryGap = "0%"; });
  const places = points(run, run.seconds.step, run.seconds.step, unit).map(point => point[0]);
  options.xAxis.type = "category";
  options.xAxis.data = places.map(place => text(place, 3));
  Object.assign(options.xAxis.axisLabel, roundLabels(places));
  options.xAxis.axisTick = { show: false };
  options.tooltip.formatter = items => tooltip(unit, items.map(item => (
    { marker: item.marker, seriesName: item.seriesName, data: { shown: text(item.value) + " s" }, value: [item.name, item.value] })));
  return options;
}

function totals() {
  const values = PARTS.map(part => ({ part, data: runs.map(run => run.seconds.totals[part] ?? 0) }));
  const options = stack("seconds", {}, values);
  options.series.forEach(series => { series.barMaxWidth = 40; });
  options.yAxis = { type: "category", data: runs.map(run => run.name), inverse: true, axisTick: { show: false },
    axisLine: { lineStyle: { color: css("line") } },
    axisLabel: { show: runs.length > 1, color: css("text"), width: 90, overflow: "truncate" } };
  options.xAxis = Object.assign(options.xAxis, { min: 0, max: null, splitLine: { show: true, lineStyle: { color: css("line") } } });
  options.tooltip.trigger = "item";
  options.tooltip.formatter = item => {
    const all = Object.values(runs[item.dataIndex].seconds.totals).reduce((sum, value) => sum + value, 0);
    return item.marker + item.seriesName + ": <b>" + text(item.value) + " s</b>, " + text((100 * item.value) / all, 3) + " %";
  };
  return options;
}

/** Rows and columns of a block, weights before biases. */
function blockSubsets(run, block) {
  const of = kind => run.subsets.map((subset, s) => s).filter(s => run.subsets[s].kind === kind);
  const [weights, biases, others] = [of("weight"), of("bias"), of("neither")];
  const all = [...weights, ...biases, ...others];
  const sets = { all: [all, all], ww: [weights, weights], wb: [weights, biases], bb: [biases, biases] };
  return { rows: sets[block][0], columns: sets[block][1],
    ends: block === "all" ? [weights.length, weights.length + biases.length].filter(end => end > 0 && end < all.length) : [] };
}

function heatMap(run, kind, block, at, width, height) {
  const matrix = run.matrices[at][kind];
  const { rows, columns, ends } = blockSubsets(run, block);
  if (!matrix || !rows.length || !columns.length) return null;
  const scale = colourScale(rows.flatMap(s => columns.map(t => entry(matrix, s, t))), kind === "interactions");
  const name = s => run.subsets[s].name;
  return matrixChart(rows.map(name), columns.map(name), scale, (i, j) => {
    const value = entry(matrix, rows[i], columns[j]);
    return { value, title: name(rows[i]) + " and " + name(columns[j]), shown: text(value, 5) };
  }, { width, height, ends });
}

const SIGNED = { min: -1, colours: ["negative", "zero", "positive"] };

/**
 * A matrix as colours.
 *
 * @param rows names of the rows
 * @param columns names of the columns
 * @param scale places of values in [-1, 1], and values of places
 * @param cell value (null: none), title and text of the entry in row i and column j
 */
function matrixChart(rows, columns, scale, cell, { width, height, ends = [], range = SIGNED }) {
  const data = rows.flatMap((row, i) => columns.map((column, j) => {
    const { value, title, shown } = cell(i, j);
    return { value: [j, i, value === null ? "-" : scale.place(value)], raw: value, title, shown };
  }));
  const every = (names, room) => Math.max(0, Math.ceil((16 * names.length) / room) - 1);
  const axis = (names, room) => ({ type: "category", data: names, axisTick: { show: false }, splitArea: { show: false },
    axisLine: { show: false }, axisLabel: { color: css("muted"), fontSize: width < 500 ? 10 : 12, interval: every(names, room),
      width: width < 500 ? 80 : 130, overflow: "truncate" } });
  const edges = { type: "line", data: [], xAxisIndex: 1, yAxisIndex: 1, markLine: { symbol: "none", silent: true, animation: false,
    label: { show: false }, lineStyle: { color: css("text"), type: "solid", width: 1.2 },
    data: ends.flatMap(end => [{ xAxis: end }, { yAxis: end }]) } };
  const count = names => ({ type: "value", min: 0, max: names.length, show: false });
  const options = frame("", {}, [{ type: "heatmap", data, itemStyle: { borderColor: css("surface"),
    borderWidth: rows.length > 40 ? 0 : 1 }, emphasis: { itemStyle: { borderColor: css("text"), borderWidth: 1.5 } } }, edges]);
  options.legend = { show: false };
  const below = axis(columns, width - 150);
  below.axisLabel.rotate = columns.length > 3 ? 55 : 0;
  options.xAxis = [below, count(columns)];
  options.yAxis = [Object.assign(axis(rows, height - 130), { inverse: true }), Object.assign(count(rows), { inverse: true })];
  options.visualMap = { type: "continuous", seriesIndex: 0, min: range.min, max: 1, calculable: true, orient: "horizontal", left: "center",
    bottom: 0, itemHeight: Math.min(260, width * 0.5), itemWidth: 12, precision: 3, textStyle: { color: css("muted") },
    formatter: place => text(scale.value(place), 2), inRange: { color: range.colours.map(css) } };
  options.tooltip.trigger = "item";
  options.tooltip.formatter = item => echarts.format.encodeHTML(item.data.title) + "<br/><b>" + item.data.shown + "</b>";
  options.grid.bottom = 56;
  return options;
}

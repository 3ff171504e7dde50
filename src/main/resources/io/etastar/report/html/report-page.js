// The page: controls, tables, and which chart is where.
const element = id => document.getElementById(id);
const charts = new Map();
const state = { unit: "steps", run: 0, lossLog: false };

function create(tag, content, attributes = {}) {
  const node = Object.assign(document.createElement(tag), attributes);
  (Array.isArray(content) ? content : [content]).forEach(child => node.append(child));
  return node;
}

/** Draws the chart of a figure, or hides the figure where there is nothing to show; as high as its legend needs where no height is given. */
function draw(id, options, note, height) {
  const figure = element(id);
  figure.hidden = options === null;
  if (options === null) return;
  const holder = figure.querySelector(".chart");
  holder.style.height = (height || 240 + layLegend(options, holder.clientWidth - 20)) + "px";
  if (!charts.has(id)) charts.set(id, echarts.init(holder, null, { renderer: "svg" }));
  charts.get(id).resize();
  charts.get(id).setOption(options, { notMerge: true });
  figure.querySelector(".note").textContent = note || "";
  offerCsv(id, options);
}

/** A button that saves what a chart shows. */
function offerCsv(id, options) {
  const caption = element(id).querySelector("figcaption");
  const title = caption.querySelector("h2").textContent;
  const button = caption.querySelector("button") || caption.appendChild(create("button", "CSV", { type: "button", className: "csv" }));
  button.setAttribute("aria-label", "Save " + title + " as CSV");
  button.onclick = () => {
    const link = create("a", "", { download: id + ".csv", href: URL.createObjectURL(new Blob([csv(options)], { type: "text/csv" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  };
}

const thinned = (size, what) => (size > 1 ? "Each point is the mean of " + size + " " + what + ". " : "");

function drawCurves() {
  const { unit } = state;
  const run = runs[state.run];
  draw("loss", progress("loss", unit, state.lossLog), thinned(run.steps.mean_of, "batches"));
  draw("accuracy", progress("accuracy", unit, false), thinned(run.steps.mean_of, "batches"));
  const biases = run.subsets.some(subset => subset.kind === "bias") ? " Biases are dashed." : "";
  const kind = element("rate-kind").value;
  element("rates").hidden = !run.subsets.length;
  if (run.subsets.length) {
    draw("rates", rates(run, unit, kind) || rates(run, unit, "learning_rates"),
      "Logarithmic, both signs; 0 is a subset that stays." + biases + shownSummaries(run));
  }
  draw("spectrum", spectrum(run, unit), "Eigenvalues of H, from the smallest (orange) to the largest (blue),"
    + " logarithmic, both signs; below 0 the loss curves downwards." + curvatureNote(run));
  draw("solver", solver(run, unit), "r = |D eta*|, D = diag(cbrt|order3|); points tell the case of the solver.");
  draw("decrease", decrease(run, unit), decreaseNote(run));
  draw("seconds", seconds(run, unit), thinned(run.seconds.mean_of, "steps") + secondsNote(run));
  draw("totals", totals(), "Between steps: evaluation, checkpoints, reports.");
}

function curvatureNote(run) {
  return run.configuration["optimizer.curvature"] === "ggn" ? " H is the Gauss-Newton matrix (optimizer.curvature = ggn)." : "";
}

function secondsNote(run) {
  const { max, largest } = secondsAxis(run);
  return max === null ? "" : "Bars beyond the axis are cut, the longest at " + text(largest, 3) + " s.";
}

function shownSummaries(run) {
  const shown = run.summaries.step.length;
  return shown < run.summaries.count ? ` ${shown} of ${run.summaries.count} summaries are shown.` : "";
}

function decreaseNote(run) {
  const { third_order: predicted, measured } = run.summaries;
  const ratios = measured.map((value, i) => (value === null || !predicted[i] ? null : value / predicted[i]))
    .filter(value => value !== null).sort((a, b) => a - b);
  const median = ratios.length ? "Measured over predicted, median: " + text(ratios[ratios.length >> 1], 3) + ". " : "";
  return median + "Of the mean loss of the summary's batch, for the rates in use; predicted: g'eta - eta'H eta/2, and that plus"
    + " the sum of order3 eta^3/6.";
}

function drawMatrix() {
  const run = runs[state.run];
  const slider = element("matrix-step");
  element("matrix").hidden = !run.matrices.length;
  element("matrix").classList.toggle("tall", run.subsets.length > 5);
  if (!run.matrices.length) return;
  slider.max = run.matrices.length - 1;
  slider.value = Math.min(slider.value, slider.max);
  const matrix = run.matrices[slider.value];
  const kinds = new Set(run.subsets.map(subset => subset.kind));
  const both = kinds.has("weight") && kinds.has("bias");
  element("block-choice").hidden = !both;
  const block = both ? element("block").value : "all";
  element("matrix-at").textContent = matrix.step + ` (${Number(slider.value) + 1} of ${run.matrices.length})`;
  const holder = element("matrix").querySelector(".chart");
  const width = holder.clientWidth;
  const { rows, columns } = blockSubsets(run, block);
  const height = matrixHeight(rows.length, columns.length, width);
  holder.style.height = height + "px";
  const kind = element("matrix-kind").value;
  const options = heatMap(run, kind, block, Number(slider.value), width, height);
  if (options) {
    draw("matrix", options, matrixNote(kind, matrix) + curvatureNote(run), height);
  } else {
    charts.get("matrix")?.clear();
    element("matrix").querySelector(".note").textContent = "H has no inverse at this step: it is singular to working precision.";
  }
}

function matrixHeight(rows, columns, width) {
  const cell = Math.min(70, (width - 100) / columns);
  return Math.round(Math.max(190, Math.min(760, 130 + cell * rows)));
}

function matrixNote(kind, matrix) {
  const what = { H: "H_st, second derivatives of the loss in the rates of two subsets.", inverse: "(H^-1)_st.",
    interactions: "H_st / sqrt|H_ss H_tt|: 0 where subsets s and t do not interact, whatever their units." }[kind];
  const colours = kind === "interactions" ? "" : " Colours are logarithmic in both signs over four powers of ten.";
  return what + colours + (matrix.condition === null ? "" : " Condition of H, rows scaled alike: " + text(matrix.condition, 3) + ".");
}

const RESULTS = [["test_accuracy", "test accuracy", percent], ["best_test_accuracy", "best test accuracy", percent],
  ["test_loss", "test loss", text], ["train_loss", "training loss", text], ["steps", "steps", text], ["epochs", "epochs", text],
  ["seconds", "seconds", value => text(value, 3)], ["summaries", "summaries", text], ["no_solution", "without solution", text]];

function showResults() {
  const given = RESULTS.filter(([key]) => runs.some(run => run.result[key] !== null));
  if (runs.length === 1) {
    const tiles = given.filter(([key]) => key !== "best_test_accuracy" && (runs[0].result.summaries || !/summ|solution/.test(key)));
    element("results").append(create("dl", tiles.map(([key, name, format]) =>
      create("div", [create("dt", name), create("dd", format(runs[0].result[key]))])), { className: "tiles" }));
    return;
  }
  const rows = given.map(([key, name, format]) => [name, ...runs.map(run => format(run.result[key]))]);
  if (runs.some(run => run.plan)) rows.push(["plan", ...runs.map(run => run.plan || "")]);
  element("results").append(create("div", [create("h2", "Results"), table(["", ...runs.map(run => run.name)], rows)],
    { className: "table" }));
}

function table(head, rows) {
  const body = rows.map(row => create("tr", row.map((cell, i) => create(i ? "td" : "th", cell, i ? {} : { scope: "row" }))));
  const top = create("thead", create("tr", head.map(cell => create("th", cell, { scope: "col" }))));
  return create("div", create("table", [top, create("tbody", body)]), { className: "scroll" });
}

function showTables() {
  const keys = [...new Set(runs.flatMap(run => Object.keys(run.configuration)))].sort();
  const row = key => [key, ...runs.map(run => run.configuration[key] ?? "")];
  const names = runs.map(run => run.name);
  const differing = keys.filter(key => new Set(runs.map(run => run.configuration[key])).size > 1);
  if (runs.length > 1) {
    const what = differing.length ? table(["key", ...names], differing.map(row)) : create("p", "None: the configurations are equal.");
    element("tables").append(create("div", [create("h2", "Differences of the configurations"), what], { className: "table" }));
  }
  const details = (title, content) => element("tables").append(create("details", [create("summary", title), content]));
  details("Configuration", table(["key", ...names], keys.map(row)));
  runs.filter(run => run.subsets.some(subset => subset.tensors.length)).forEach(run =>
    details("Subsets of the parameters" + (runs.length > 1 ? ": " + run.name : ""),
      table(["subset", "kind", "tensors"], run.subsets.map(subset => [subset.name, subset.kind, subset.tensors.join(", ")]))));
}

/** Keys that say which rows a run has, training and test rows. */
const ROW_KEYS = ["source", "path", "format", "table", "files", "test_share", "test_part", "test_path", "test_table", "label", "weight", "targets", "transform"];

/** A sentence if runs have other rows than the first one. */
function differentData() {
  const keys = [...ROW_KEYS.map(key => "data." + key), "seed"];
  const of = (run, key) => (key === "seed" && run.configuration["data.source"] !== "digits" ? undefined : run.configuration[key]);
  const differing = keys.filter(key => new Set(runs.map(run => of(run, key))).size > 1);
  const said = run => run.name + ": " + differing.map(key => key.replace("data.", "") + " " + (of(run, key) ?? "none")).join(", ");
  return differing.length ? ["The runs are of different rows (" + runs.map(said).join("; ") + "): their losses and accuracies are not to be compared."] : [];
}

function showState() {
  const messages = runs.flatMap(run => {
    const name = runs.length > 1 ? run.name + ": " : "";
    if (!run.result.steps) return [name + "No steps yet."];
    const rest = run.result.complete ? [] : [name + `This run has not ended: what it did up to step ${run.result.steps} is shown.`
      + " Reload the file for a later state."];
    const optimizer = run.configuration["optimizer.name"] || "";
    return run.summaries.count ? rest
      : [...rest, name + `No derivative summaries (optimizer ${optimizer}): there are no solved learning rates and no H to show.`];
  });
  messages.push(...differentData());
  element("state").hidden = !messages.length;
  element("state").append(...messages.flatMap((message, i) => (i ? [create("br", ""), message] : [message])));
  const plan = runs.length === 1 && runs[0].plan;
  element("plan").hidden = !plan;
  element("plan").textContent = "plan: " + plan;
  const of = runs[0].configuration;
  const base = of["optimizer.name"] === "newton-summary" ? " over " + of["optimizer.base.name"] : "";
  element("about").textContent = runs.length > 1 ? runs.length + " runs" : [of["model.model"], of["optimizer.name"] && of["optimizer.name"] + base,
    of.partition && "partition " + of.partition, of["data.source"] && "data " + of["data.source"]].filter(part => part).join(" · ");
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  element("theme").textContent = name === "dark" ? "Light" : "Dark";
  element("theme").setAttribute("aria-label", "Switch to " + (name === "dark" ? "light" : "dark") + " colours");
}

function drawAll() {
  if (!runs.some(run => run.result.steps)) return;
  drawCurves();
  drawMatrix();
  drawTestRows();
}

function start() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => { setTheme(dark.matches ? "dark" : "light"); drawAll(); });
  element("theme").addEventListener("click", () => { setTheme(theme() === "dark" ? "light" : "dark"); drawAll(); });
  runs.forEach((run, i) => element("run").append(create("option", run.name, { value: i })));
  element("run-choice").hidden = runs.length === 1;
  element("controls").addEventListener("submit", event => event.preventDefault());
  document.querySelectorAll("[name=x]").forEach(radio => radio.addEventListener("change", () => { state.unit = radio.value; drawCurves(); }));
  element("run").addEventListener("change", event => { state.run = Number(event.target.value); drawAll(); });
  element("loss-log").addEventListener("change", event => { state.lossLog = event.target.checked; drawCurves(); });
  element("rate-kind").addEventListener("change", drawCurves);
  ["matrix-kind", "block", "matrix-step"].forEach(id => element(id).addEventListener("input", drawMatrix));
  const losses = runs.flatMap(run => run.steps.loss).filter(loss => loss > 0);
  state.lossLog = Math.max(...losses) > 30 * Math.min(...losses);
  element("loss-log").checked = state.lossLog;
  Object.keys(PLACES).forEach(unit => {
    document.querySelector(`[name=x][value=${unit}]`).disabled = !runs.every(run => run.epochs.epoch.length);
  });
  state.run = Math.max(0, runs.findIndex(run => run.result.steps));
  element("run").value = state.run;
  element("matrix-step").max = Math.max(0, runs[state.run].matrices.length - 1);
  element("matrix-step").value = element("matrix-step").max;
  const steps = runs.some(run => run.result.steps);
  document.querySelector(".cards").hidden = !steps;
  element("controls").hidden = !steps;
  showState();
  showFindings();
  showResults();
  showData();
  showClasses();
  showPredictions();
  showTables();
  drawAll();
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    charts.forEach(chart => chart.resize());
    drawAll();
  }).observe(document.body);
  window.addEventListener("beforeprint", () => { setTheme("light"); drawAll(); });
  document.documentElement.dataset.ready = "true";
}

start();

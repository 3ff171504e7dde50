// Columns of a table and classes: what the data are, and what the trained model makes of them.
const COLUMN_KINDS = { number: ["number"], date: ["date"], timestamp: ["timestamp"], vector: ["vector"], category: ["category", "categories"] };
const SCALES = { standard: ["mean", "deviation"], robust: ["median", "interquartile range"] };

const counted = (count, one, many = one + "s") => count + " " + (count === 1 ? one : many);
const further = (shown, count) => (shown < count ? `, and ${count - shown} more` : "");

/** "7 columns (5 numbers, 2 categories), 6 with gaps; 3 classes". */
function dataTitle(data) {
  const parts = [];
  if (data.columns) {
    const kinds = Object.entries(data.columns.kinds).map(([kind, count]) => counted(count, ...(COLUMN_KINDS[kind] || [kind])));
    parts.push(counted(data.columns.count, "column") + " (" + kinds.join(", ") + ")" + (data.columns.gaps ? ", " + data.columns.gaps + " with gaps" : ""));
  }
  if (data.classes) parts.push(counted(data.classes.count, "class", "classes"));
  return parts.join("; ");
}

function columnRow(column) {
  const held = {
    category: () => (column.hashed ? "texts, hashed into " + column.count + " buckets"
      : counted(column.count, "category", "categories") + (column.embedded ? ", embedded" : "") + (column.values.length ? ": " : "")
        + column.values.join(", ") + further(column.values.length, column.count)),
    vector: () => "vector of " + counted(column.count, "number"),
  }[column.kind] || (() => column.kind);
  const scale = column.from === undefined ? [column.centre ?? "", column.unit ?? ""] : [column.from, column.to];
  return [column.name, held(), column.gaps ? "yes" : "", ...scale];
}

function columnTable(columns) {
  const quantiles = columns.shown.some(column => column.from !== undefined);
  const scale = SCALES[columns.scaling] || (quantiles ? ["from", "to"] : ["centre", "unit"]);
  const scaled = columns.scaling !== "none";
  const rows = columns.shown.map(columnRow).map(row => (scaled ? row : row.slice(0, 3)));
  const content = [table(["column", "holds", "gaps", ...(scaled ? scale : [])], rows)];
  if (columns.shown.length < columns.count) content.push(note(`The first ${columns.shown.length} of ${columns.count} columns.`));
  if (columns.scaling) content.push(note("Numbers are scaled by data.scaling = " + columns.scaling + "; gaps: whether training rows had any."));
  return content;
}

const note = content => create("p", content, { className: "note" });

/** The data of each run, once if they are the same. */
function showData() {
  const groups = new Map();
  runs.filter(run => run.data).forEach(run => {
    const key = JSON.stringify(run.data);
    groups.set(key, [...(groups.get(key) || []), run]);
  });
  const all = groups.size === 1 && [...groups.values()][0].length === runs.length;
  groups.forEach(members => {
    const { data } = members[0];
    const content = data.columns ? columnTable(data.columns) : [];
    if (data.classes) content.push(create("p", "Classes: " + data.classes.names.join(", ") + further(data.classes.names.length, data.classes.count)));
    const of = all ? "" : " of " + members.map(run => run.name).join(", ");
    element("tables").append(create("details", [create("summary", "Data" + of + ": " + dataTitle(data)), create("div", content, { className: "long columns" })],
      { open: !data.columns || data.columns.count <= 12 }));
  });
}

function showFindings() {
  const sentences = runs.flatMap(run => run.findings.map(sentence => (runs.length > 1 ? run.name + ": " : "") + sentence));
  element("findings").hidden = !sentences.length;
  element("findings").append(...sentences.map(sentence => create("li", sentence)));
}

/** Bars of the loss that a model gains if a column is shuffled. */
function importance(run) {
  const { columns } = run.importance;
  const options = frame("", {}, [{ type: "bar", barMaxWidth: 16, data: columns.map(column => ({ value: column.loss, column })),
    itemStyle: { color: colour(0) } }]);
  options.legend = { show: false };
  options.grid.bottom = 34;
  options.yAxis = { type: "category", data: columns.map(column => column.name), inverse: true, axisTick: { show: false },
    axisLine: { lineStyle: { color: css("line") } }, axisLabel: { color: css("text"), interval: 0, width: 120, overflow: "truncate" } };
  options.xAxis = Object.assign(options.xAxis, { min: null, max: null, name: "increase of the mean loss", splitLine: { show: true, lineStyle: { color: css("line") } } });
  options.xAxis.axisLabel.formatter = value => text(value, 2);
  options.tooltip.trigger = "item";
  options.tooltip.formatter = item => {
    const { name, loss, accuracy } = item.data.column;
    const lines = [echarts.format.encodeHTML(name), "loss increase: <b>" + text(loss) + "</b>"];
    return [...lines, ...(accuracy === null ? [] : ["accuracy decrease: <b>" + percent(accuracy) + "</b>"])].join("<br/>");
  };
  return options;
}

function confusion(run, width, height) {
  const { classes, confusion: matrix } = run.classes;
  const names = classNames(run);
  const sums = matrix.map(row => row.reduce((sum, value) => sum + value, 0));
  const scale = { place: value => value, value: place => place };
  return matrixChart(names, names, scale, (i, j) => ({ value: sums[i] ? matrix[i][j] / sums[i] : null, title: names[i] + " predicted as " + names[j],
    shown: text(matrix[i][j]) + (sums[i] ? " of " + text(sums[i]) + ", " + percent(matrix[i][j] / sums[i]) : "") }),
  { width, height, range: { min: 0, colours: ["zero", "accent"] } });
}

/** Names of all classes of a matrix: those without test rows are not among the classes of the run's file. */
function classNames(run) {
  const named = run.data?.classes?.names;
  const { count } = run.classes;
  return Array.from({ length: count }, (ignored, i) => (named?.length === count ? named[i] : String(i)));
}

function columnInteractions(run, width, height) {
  const { columns, H } = run.column_interactions;
  const scale = colourScale(H, false);
  return matrixChart(columns, columns, scale, (i, j) => {
    const value = entry(H, i, j);
    return { value, title: columns[i] + " and " + columns[j], shown: text(value, 5) };
  }, { width, height });
}

const onRows = found => ` On ${text(found.rows)} test rows.`;
const most = (shown, count, what) => (shown < count ? ` The ${shown} of ${count} ${what}.` : "");

function drawTestRows() {
  const run = runs[state.run];
  const found = run.importance;
  draw("importance", found ? importance(run) : null, found && "How much worse the model is if a column's values are shuffled among the rows: 0 where it does"
    + " not use the column." + most(found.columns.length, found.count, "most important columns") + onRows(found), found && 60 + 22 * found.columns.length);
  drawSquare("confusion", run.classes?.confusion, run.classes?.count, (width, height) => confusion(run, width, height),
    () => "Rows: the class; columns: what it is predicted as. Colours: share of the class's rows." + onRows(run.classes));
  const pairs = run.column_interactions;
  drawSquare("column-interactions", pairs, pairs?.columns.length, (width, height) => columnInteractions(run, width, height),
    () => "Second derivatives of the mean loss in the scales of two columns. Positive: each makes up for the other; negative: either is of use only with"
      + " the other. Colours are logarithmic in both signs." + most(pairs.columns.length, pairs.count, "columns with the largest ones") + onRows(pairs));
}

/** A square matrix in a figure of its own, if there is one. */
function drawSquare(id, given, size, options, said) {
  element(id).hidden = !given;
  if (!given) return;
  element(id).classList.toggle("tall", size > 5);
  const width = element(id).querySelector(".chart").clientWidth;
  const height = matrixHeight(size, size, width);
  draw(id, options(width, height), said(), height);
}

/** Accuracy by class of each run. */
function showClasses() {
  runs.filter(run => run.classes).forEach(run => {
    const { classes, count, with_rows: known } = run.classes;
    const rows = classes.map(each => [each.name, text(each.rows), percent(each.share), percent(each.accuracy), each.mistaken_for]);
    const content = [table(["class", "test rows", "share", "accuracy", "most often mistaken for"], rows)];
    const shown = classes.length < known ? `The ${classes.length} of ${known} classes with the lowest accuracy.` : "";
    const absent = known < count ? ` Without test rows: ${count - known} of ${count} classes.` : "";
    content.push(note((shown + absent + onRows(run.classes)).trim()));
    element("tables").append(create("details", [create("summary", "Accuracy by class" + (runs.length > 1 ? ": " + run.name : "")),
      create("div", content, { className: "long" })], { open: runs.length === 1 }));
  });
}

/** Some test rows of each run with their predictions: the worst ones, and others over all rows. */
function showPredictions() {
  runs.filter(run => run.predictions).forEach(run => {
    const { worst, spread } = run.predictions;
    const numbers = worst[0].probability === undefined;
    const heads = numbers ? ["target", "prediction", "error"] : ["class", "prediction", "its probability", "the class's probability"];
    const row = each => numbers ? [text(each.target), text(each.prediction), text(each.error)]
      : [each.target, each.prediction, percent(each.probability), percent(each.of_target)];
    const content = [note("The worst ones first." + onRows(run.predictions)), table(heads, worst.map(row)),
      note("Spread over all rows."), table(heads, spread.map(row))];
    element("tables").append(create("details", [create("summary", "Predictions" + (runs.length > 1 ? ": " + run.name : "")),
      create("div", content, { className: "long" })], { open: runs.length === 1 }));
  });
}

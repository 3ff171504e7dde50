// Columns of a table and classes: what the data are.
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
    element("tables").append(create("details", [create("summary", "Data" + of + ": " + dataTitle(data)), create("div", content, { className: "long" })],
      { open: !data.columns || data.columns.count <= 12 }));
  });
}

function showFindings() {
  const sentences = runs.flatMap(run => run.findings.map(sentence => (runs.length > 1 ? run.name + ": " : "") + sentence));
  element("findings").hidden = !sentences.length;
  element("findings").append(...sentences.map(sentence => create("li", sentence)));
}

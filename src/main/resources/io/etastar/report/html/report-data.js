// Data, numbers and scales.
"use strict";

window.reportErrors = [];
window.addEventListener("error", event => window.reportErrors.push(String(event.message)));

const runs = JSON.parse(document.getElementById("data").textContent).runs;

/** A number for people: four digits, an empty string where there is none. */
function text(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(digits)));
}

const percent = value => (value === null ? "" : (100 * value).toFixed(2) + " %");

/**
 * A scale of both signs: 0 stays 0, each power of ten from the smallest magnitude on is one step further. At most eight powers
 * are told apart; what is smaller lies straight between 0 and the first.
 */
function signedLog(values) {
  const sizes = values.filter(value => value !== null && value !== 0).map(Math.abs);
  const high = sizes.length ? Math.max(...sizes.map(size => Math.ceil(Math.log10(size) - 1e-9))) : 0;
  const low = sizes.length ? Math.max(Math.min(...sizes.map(size => Math.floor(Math.log10(size) + 1e-9))), high - 8) : -1;
  const first = Math.min(low, high - 1);
  const unit = Math.pow(10, first);
  return {
    place(value) {
      if (value === null) return null;
      const size = Math.abs(value) / unit;
      return Math.sign(value) * (size < 1 ? size : 1 + Math.log10(size));
    },
    label(place) {
      const steps = Math.abs(place);
      if (steps % 1 > 1e-6 && steps % 1 < 1 - 1e-6) return "";
      return steps < 0.5 ? "0" : (place < 0 ? "-" : "") + "1e" + (first + Math.round(steps) - 1);
    },
  };
}

/** Places in [-1, 1] for colours, four powers of ten wide; linear where the numbers are bounded by nature. */
function colourScale(values, linear) {
  const largest = Math.max(...values.filter(value => value !== null).map(Math.abs), 0) || 1;
  const steps = 1e4;
  if (linear) {
    const top = Math.max(1, largest);
    return { place: value => value / top, value: place => place * top };
  }
  return {
    place: value => (Math.sign(value) * Math.log1p((Math.abs(value) / largest) * steps)) / Math.log1p(steps),
    value: place => (Math.sign(place) * Math.expm1(Math.abs(place) * Math.log1p(steps)) * largest) / steps,
  };
}

/** Units of the x axis besides steps, and the column of epochs that holds them. */
const PLACES = { epochs: "epoch", seconds: "elapsed" };

/** Epochs done or seconds gone at a step, evenly within an epoch; behind the last one that ended as in that one. */
function placeAt(run, unit, step) {
  const ends = run.epochs.steps;
  const places = run.epochs[PLACES[unit]];
  if (!ends.length) return null;
  let i = 0;
  while (i < ends.length - 1 && ends[i] < step) i++;
  const start = i === 0 ? 0 : ends[i - 1];
  const before = i === 0 ? 0 : places[i - 1];
  return before + ((places[i] - before) * (step - start)) / (ends[i] - start);
}

/** Subset s and t of a matrix that is kept as its lower triangle. */
const entry = (triangle, s, t) => triangle[s >= t ? (s * (s + 1)) / 2 + t : (t * (t + 1)) / 2 + s];

/** Points [x, y] of a curve over steps, in steps, epochs or seconds. */
function points(run, steps, values, unit, map = value => value) {
  return steps.map((step, i) => [PLACES[unit] ? placeAt(run, unit, step) : step, map(values[i])]);
}

const csvCell = value => (/[",\n]/.test(String(value ?? "")) ? '"' + String(value).replace(/"/g, '""') + '"' : String(value ?? ""));
const csvLines = rows => rows.map(row => row.map(csvCell).join(",")).join("\n") + "\n";

/** Value of a point of a chart, as it was before any scale. */
function plain(point) {
  if (point === null || typeof point !== "object") return point;
  if ("raw" in point) return point.raw;
  const value = Array.isArray(point) ? point : point.value;
  return Array.isArray(value) ? value[value.length - 1] : value;
}

/** What the options of a chart show, as CSV: a column for each curve, or the rows and columns of a matrix. */
function csv(options) {
  const series = options.series.filter(each => each.data.length);
  if (Array.isArray(options.xAxis)) {
    const [columns, rows] = [options.xAxis[0].data, options.yAxis[0].data];
    return csvLines([["", ...columns], ...rows.map((row, i) => [row, ...columns.map((ignored, j) => plain(series[0].data[i * columns.length + j]))])]);
  }
  const category = [options.xAxis, options.yAxis].find(axis => axis.type === "category");
  const head = [options.xAxis.name || "", ...series.map(each => each.name || "value")];
  if (category) return csvLines([head, ...category.data.map((name, i) => [name, ...series.map(each => plain(each.data[i]))])]);
  const rows = new Map();
  series.forEach((each, column) => each.data.forEach(point => {
    const place = (Array.isArray(point) ? point : point.value)[0];
    if (!rows.has(place)) rows.set(place, new Array(series.length).fill(null));
    rows.get(place)[column] = plain(point);
  }));
  return csvLines([head, ...[...rows].sort((a, b) => a[0] - b[0]).map(([place, values]) => [place, ...values])]);
}

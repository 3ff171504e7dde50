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

/** Epochs done at a step, a fraction within an epoch; behind the last one that ended as long as that one. */
function epochsAt(run, step) {
  const ends = run.epochs.steps;
  if (!ends.length) return null;
  let i = 0;
  while (i < ends.length - 1 && ends[i] < step) i++;
  const start = i === 0 ? 0 : ends[i - 1];
  const before = i === 0 ? 0 : run.epochs.epoch[i - 1];
  return before + ((run.epochs.epoch[i] - before) * (step - start)) / (ends[i] - start);
}

/** Subset s and t of a matrix that is kept as its lower triangle. */
const entry = (triangle, s, t) => triangle[s >= t ? (s * (s + 1)) / 2 + t : (t * (t + 1)) / 2 + s];

/** Points [x, y] of a curve over steps, in steps or in epochs. */
function points(run, steps, values, unit, map = value => value) {
  return steps.map((step, i) => [unit === "epochs" ? epochsAt(run, step) : step, map(values[i])]);
}

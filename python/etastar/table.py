"""Rows of a table as inputs of a trained network, for PyTorch and others: needs NumPy, but neither Spark nor Java."""

import datetime
import json
import os
from typing import Any

import numpy

_CYCLES = {"DATE": (365.2425, 7.0), "TIMESTAMP": (365.2425, 7.0, 1.0)}


class TableEncoder:
    """What a model does with the columns of a table before its first layer (docs/tables.md).

    Inputs are all numbers, column by column, then one index for each embedded column.
    """

    def __init__(self, model: "str | os.PathLike[str] | dict[str, Any]") -> None:
        """model: directory of a run or of a model, or the content of model.json."""
        described = model if isinstance(model, dict) else _described(model)
        if not described.get("table"):
            raise ValueError("model: found one whose features are one column, expected one of a table's columns")
        self.columns: "list[dict[str, Any]]" = described["table"]["columns"]
        self._keeps = described["table"]["invalid"] == "KEEP"
        self.class_names: "list[str] | None" = described.get("classNames")

    @property
    def embeddings(self) -> "list[int]":
        """Rows of each table of embeddings."""
        return [_known(column) + column["gaps"] + 1 for column in self.columns if _is_embedded(column)]

    @property
    def numbers(self) -> int:
        """Inputs that are numbers."""
        return sum(
            len(column["scales"]) + (column["gaps"] and column["kind"] != "CATEGORY") for column in self.columns
        )

    def encode(self, rows: Any) -> numpy.ndarray:
        """Inputs [N, numbers + embedded columns], float32, of rows: a pandas DataFrame, or anything with columns by name.

        Missing values are None, NaN or pandas.NA. Dates and timestamps are Python's, numpy's or pandas', texts as ISO 8601 has them,
        or days since 1970; UTC if they name no zone. Categories are compared as texts, as Spark writes them; whole numbers as 3 or 3.0.
        Columns are found by name, other ones are left alone. A missing column, an infinite number, a value of another kind are a
        ValueError; so are missing values and unknown categories in a model whose handleInvalid is not keep.
        """
        numbers: "list[numpy.ndarray]" = []
        indices: "list[numpy.ndarray]" = []
        for column in self.columns:
            if column["name"] not in rows:
                raise ValueError("column '%s': found none of that name" % column["name"])
            try:
                parts, invalid = _ENCODINGS.get(column["kind"], _number)(column, list(rows[column["name"]]))
            except (TypeError, ValueError) as error:
                raise ValueError("column '%s': %s" % (column["name"], error)) from None
            if not self._keeps and invalid.any():
                row = int(numpy.argmax(invalid))
                raise ValueError("column '%s', row %d: found a missing or unknown value, which the model does not keep"
                                 % (column["name"], row))
            (indices if _is_embedded(column) else numbers).extend(parts)
        return numpy.stack(numbers + indices, axis=1).astype(numpy.float32)


def _described(model: "str | os.PathLike[str]") -> "dict[str, Any]":
    directory = os.path.join(model, "model") if os.path.isdir(os.path.join(model, "model")) else model
    with open(os.path.join(directory, "model.json"), encoding="utf-8") as file:
        return json.load(file)


def _is_embedded(column):
    return column["kind"] == "CATEGORY" and not column["scales"]


def _known(column):
    return column["buckets"] or len(column["values"])


def _is_missing(value):
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA is not even unequal to itself.
        return True


def _number(column, values):
    """Inputs of numbers, dates and timestamps, and which rows have no value."""
    x = numpy.array([numpy.nan if _is_missing(value) else _real(column, value) for value in values], dtype=float)
    missing = numpy.isnan(x)
    parts = [_scaled(scale, part) for scale, part in zip(column["scales"], _derived(column, x))]
    return parts + [missing] * column["gaps"], missing


def _real(column, value):
    """A number, or days since 1970."""
    timed = column["kind"] in _CYCLES and not isinstance(value, (int, float, numpy.number))
    try:
        return _days(value) if timed else float(value)
    except (TypeError, ValueError):
        raise ValueError("found %r, expected a %s" % (value, "date or time" if timed else "number")) from None


def _days(value):
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if getattr(value, "tzinfo", None) is not None:
        value = (value - value.utcoffset()).replace(tzinfo=None)
    return numpy.datetime64(value, "us").astype(numpy.int64) / 86400e6


def _vector(column, values):
    length = len(column["scales"])

    def elements(value):
        if not hasattr(value, "__len__"):
            if _is_missing(value):
                return [numpy.nan] * length
            raise ValueError("found %r, expected %d numbers" % (value, length))
        if len(value) != length:
            raise ValueError("found %d elements, expected %d" % (len(value), length))
        return [numpy.nan if _is_missing(element) else _real(column, element) for element in value]

    x = numpy.array([elements(value) for value in values], dtype=float).reshape(-1, length).T
    missing = numpy.isnan(x).any(axis=0)
    return [_scaled(scale, part) for scale, part in zip(column["scales"], x)] + [missing] * column["gaps"], missing


def _derived(column, x):
    parts = [x]
    for cycle in _CYCLES.get(column["kind"], ()):
        angle = 2 * numpy.pi * (x / cycle - numpy.floor(x / cycle))
        parts += [numpy.sin(angle), numpy.cos(angle)]
    return parts


def _scaled(scale, x):
    if numpy.isinf(x).any():
        raise ValueError("found an infinite number, expected finite ones")
    if scale.get("knots"):
        y = numpy.interp(x, scale["knots"], scale["levels"])
    else:
        y = (x - scale["centre"]) / scale["unit"]
    return numpy.where(numpy.isnan(x), 0, y)


def _category(column, values):
    """The index of each value, or 1 or 0 less its share for each category, 0 for all where it is unknown."""
    known = _known(column)
    places = {text: place for place, text in enumerate(column["values"])}
    index = numpy.array([_index(column, known, places, value) for value in values], dtype=numpy.int64)
    if _is_embedded(column):
        return [index], index >= known
    size = len(column["scales"])
    inputs = [(index == place) - scale["centre"] for place, scale in enumerate(column["scales"])]
    return [numpy.where(index >= size, 0, x) for x in inputs], index >= known


def _index(column, known, places, value):
    if _is_missing(value):
        return known
    text = str(value).lower() if isinstance(value, (bool, numpy.bool_)) else str(value)
    if column["buckets"]:
        return _murmur3(text.encode()) % known
    if text not in places and not isinstance(value, str):
        # A column of whole numbers with gaps is one of floats in pandas.
        text = text[:-2] if text.endswith(".0") else text + ".0"
    return places.get(text, known + column["gaps"])


_ENCODINGS = {"CATEGORY": _category, "VECTOR": _vector}


def _murmur3(data):
    """MurmurHash3, x86, 32 bits, seed 0, as a signed number."""
    mask = 0xFFFFFFFF

    def mixed(word):
        word = word * 0xCC9E2D51 & mask
        return (word << 15 | word >> 17) * 0x1B873593 & mask

    state = 0
    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        state ^= mixed(int.from_bytes(data[start : start + 4], "little"))
        state = (state << 13 | state >> 19) & mask
        state = (state * 5 + 0xE6546B64) & mask
    if len(data) > whole:
        state ^= mixed(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & mask
    state = (state ^ state >> 13) * 0xC2B2AE35 & mask
    state ^= state >> 16
    return state - (1 << 32) if state >> 31 else state

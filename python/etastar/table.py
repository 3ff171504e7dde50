"""Rows of a table as inputs of a trained network, for PyTorch and others: needs NumPy, but neither Spark nor Java."""

import json
import os

import numpy

_CYCLES = {"DATE": (365.2425, 7.0), "TIMESTAMP": (365.2425, 7.0, 1.0)}


class TableEncoder:
    """What a model does with the columns of a table before its first layer (docs/tables.md).

    Inputs are all numbers, column by column, then one index for each embedded column.
    """

    def __init__(self, model):
        """model: directory of a run or of a model, or the content of model.json."""
        if not isinstance(model, dict):
            directory = os.path.join(model, "model") if os.path.isdir(os.path.join(model, "model")) else model
            with open(os.path.join(directory, "model.json"), encoding="utf-8") as file:
                model = json.load(file)
        if not model.get("table"):
            raise ValueError("model: found one whose features are one column, expected one of a table's columns")
        self.columns = model["table"]["columns"]
        self.class_names = model.get("classNames")

    @property
    def embeddings(self):
        """Rows of each table of embeddings."""
        return [_known(column) + column["gaps"] + 1 for column in self.columns if _is_embedded(column)]

    @property
    def numbers(self):
        """Inputs that are numbers."""
        return sum(
            len(column["scales"]) + (column["gaps"] and column["kind"] != "CATEGORY") for column in self.columns
        )

    def encode(self, rows):
        """Inputs [N, numbers + embedded columns], float32, of rows: a pandas DataFrame, or anything with columns by name.

        Missing values are None or NaN. Dates and timestamps are numpy's or pandas', or days since 1970, UTC. Columns are found by
        name, other ones are left alone. A missing column or an infinite number is a ValueError.
        """
        numbers, indices = [], []
        for column in self.columns:
            if column["name"] not in rows:
                raise ValueError("column '%s': found none of that name" % column["name"])
            values = rows[column["name"]]
            if column["kind"] == "CATEGORY":
                index = _index(column, values)
                if _is_embedded(column):
                    indices.append(index)
                else:
                    numbers.extend(_places(column, index))
            elif column["kind"] == "VECTOR":
                vectors = numpy.array([numpy.asarray(_vector(column, value), dtype=float) for value in values])
                elements = vectors.reshape(-1, len(column["scales"])).T
                numbers.extend(_scaled(column, scale, x) for scale, x in zip(column["scales"], elements))
                if column["gaps"]:
                    numbers.append(numpy.isnan(elements).any(axis=0))
            else:
                x = _numbers(values)
                numbers.extend(_scaled(column, scale, part) for scale, part in zip(column["scales"], _derived(column, x)))
                if column["gaps"]:
                    numbers.append(numpy.isnan(x))
        return numpy.stack(numbers + indices, axis=1).astype(numpy.float32)


def _is_embedded(column):
    return column["kind"] == "CATEGORY" and not column["scales"]


def _known(column):
    return column["buckets"] or len(column["values"])


def _numbers(values):
    array = numpy.asarray(values)
    if array.dtype == object and any(hasattr(value, "year") for value in array):
        array = numpy.array([_moment(value) for value in array], dtype="datetime64[us]")
    if array.dtype.kind == "M":
        days = array.astype("datetime64[us]").astype(numpy.int64) / 86400e6
        return numpy.where(numpy.isnat(array), numpy.nan, days)
    return numpy.array([numpy.nan if value is None else value for value in array], dtype=float)


def _moment(value):
    zone = getattr(value, "tzinfo", None)
    if zone is not None:
        value = (value - value.utcoffset()).replace(tzinfo=None)
    return numpy.datetime64("NaT") if value is None or value != value else numpy.datetime64(value, "us")


def _vector(column, value):
    length = len(column["scales"])
    if value is None or numpy.isscalar(value):
        return [numpy.nan] * length
    if len(value) != length:
        raise ValueError("column '%s': found %d elements, expected %d" % (column["name"], len(value), length))
    return [numpy.nan if element is None else element for element in value]


def _derived(column, x):
    parts = [x]
    for cycle in _CYCLES.get(column["kind"], ()):
        angle = 2 * numpy.pi * (x / cycle - numpy.floor(x / cycle))
        parts += [numpy.sin(angle), numpy.cos(angle)]
    return parts


def _scaled(column, scale, x):
    if numpy.isinf(x).any():
        raise ValueError("column '%s': found an infinite number, expected finite ones" % column["name"])
    if scale.get("knots"):
        y = numpy.interp(x, scale["knots"], scale["levels"])
    else:
        y = (x - scale["centre"]) / scale["unit"]
    return numpy.where(numpy.isnan(x), 0, y)


def _text(value):
    if value is None or value != value:
        return None
    return str(value).lower() if isinstance(value, (bool, numpy.bool_)) else str(value)


def _index(column, values):
    known = _known(column)
    places = {value: place for place, value in enumerate(column["values"])}

    def index(text):
        if text is None:
            return known
        return _murmur3(text.encode()) % known if column["buckets"] else places.get(text, known + column["gaps"])

    return numpy.array([index(_text(value)) for value in values], dtype=numpy.int64)


def _places(column, index):
    """1 or 0 less the share of each category, 0 for all where the category is unknown."""
    places = len(column["scales"])
    return [
        numpy.where(index >= places, 0, (index == place) - scale["centre"]) for place, scale in enumerate(column["scales"])
    ]


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

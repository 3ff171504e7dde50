"""A case that EtaStar's half of benchmarks/compare.sh left in a directory; how a rival is checked and timed on it."""
import json
import math
import os
import resource
import statistics
import time

import numpy

import models

# The largest difference from EtaStar's numbers, float32 against float32: of an entry of the gradient as a part of its
# tensor's largest, of H[s][t] as a part of the geometric mean of the largest entries of rows s and t, of an entry of g or
# order3 as a part of itself (or of a thousandth of the largest one).
TOLERANCE = {"gradient": 1e-3, "g": 1e-3, "H": 1e-3, "order3": 1e-2}
# The same where a rounding decides on which side of relu's kink a value lies, of which a deep tensor has few.
KINKED = {"gradient": 5e-2, "g": 5e-3, "H": 2e-2, "order3": 5e-2}

# Where rivals compute: cpu, by one thread and timed by processor time, or another device of theirs, timed by the clock.
DEVICE = os.environ.get("ETASTAR_RIVALS_DEVICE", "cpu")


class Case:
    """Model, tensors [(name, shape)], x [rows, features], y [rows], lists of parameters and direction (the gradient)."""

    def __init__(self, model, directory):
        self.model, self.directory = model, directory
        with open(os.path.join(directory, "case.txt")) as lines:
            words = [line.split() for line in lines]
        self.tensors = [(w[1], tuple(int(side) for side in w[2:])) for w in words]
        self.y = self.read("y").astype(numpy.int64)
        self.x = self.read("x").reshape(len(self.y), -1)
        self.parameters, self.direction = self.cut(self.read("theta")), self.cut(self.read("direction"))

    def read(self, name, kind="<f4"):
        return numpy.fromfile(os.path.join(self.directory, name), kind)

    def cut(self, flat):
        ends = numpy.cumsum([math.prod(shape) for _, shape in self.tensors])[:-1]
        return [part.reshape(shape) for part, (_, shape) in zip(numpy.split(flat, ends), self.tensors)]

    def differences(self, quantity, found):
        """Name and largest relative difference of each table that a rival found."""
        found = [numpy.asarray(part, "<f8") for part in found]
        if quantity == "gradient":
            rows = zip(found, self.direction, self.tensors, strict=True)
            return {"gradient": max(relative(f, e, self.scale(e, name)) for f, e, (name, _) in rows)}
        g, h, order3 = (self.read(name, "<f8") for name in ("g", "h", "order3"))
        h = h.reshape(len(g), len(g))
        rows = numpy.sqrt(numpy.abs(h).max(1))
        scales = own_scale(g), numpy.outer(rows, rows), own_scale(order3)
        return {name: relative(*three) for name, *three in zip(("g", "H", "order3"), found, (g, h, order3), scales)}

    def scale(self, tensor, name):
        """The largest entry; of biases of attention's keys, whose gradient is rounding alone, 1e-4 of the whole gradient's."""
        if name.endswith("key.bias"):
            return 1e-4 * max(numpy.abs(part).max() for part in self.direction)
        return numpy.abs(tensor).max()


def own_scale(table):
    return numpy.maximum(numpy.abs(table), 1e-3 * numpy.abs(table).max())


def relative(found, expected, scale):
    if found.shape != expected.shape or not numpy.isfinite(found).all():
        return math.inf
    return float((numpy.abs(found - expected) / scale).max())


def limit_memory(gigabytes):
    if DEVICE == "cpu":  # a driver's address space is no memory
        resource.setrlimit(resource.RLIMIT_DATA, (int(gigabytes * 2**30), resource.RLIM_INFINITY))


def say(**event):
    print(json.dumps(event), flush=True)


def measure(case, quantity, setting, make, seconds):
    """Makes a rival in a setting, checks its numbers and times its calls; says what came of it."""
    try:
        start = time.perf_counter()
        call = make()
        found = call()
        first = time.perf_counter() - start
        differences = case.differences(quantity, found)
        tolerance = KINKED if models.kinked(case.model) else TOLERANCE
        wrong = {name: d for name, d in differences.items() if not d <= tolerance[name]}
        if wrong:
            return say(setting=setting, first_s=first, skipped="wrong: " + told(wrong))
        say(setting=setting, first_s=first, differences=told(differences), **timed(call, seconds, first))
    except Exception as error:  # whatever a framework cannot do is a reason to tell, not an end
        say(setting=setting, skipped=(type(error).__name__ + ": " + str(error)).replace("\n", " ")[:200])


def told(differences):
    return ",".join("%s:%.1e" % item for item in differences.items())


def timed(call, seconds, first):
    """Median milliseconds of calls within the seconds; after one to warm up, unless the first was long.

    Of processor time where the device is the processor, else on the clock. On a quiet machine a single thread's processor
    time is its time on the clock; on a busy one it leaves out the waiting
    for others. "threads", processor time over time, says which it was.
    """
    if first < 20:
        call()
    clock = time.process_time if DEVICE == "cpu" else time.perf_counter
    times, start, used = [], time.perf_counter(), time.process_time()
    while not times or (time.perf_counter() - start < seconds):
        before = clock()
        call()
        times.append(clock() - before)
    spent = time.perf_counter() - start
    threads = (time.process_time() - used) / spent
    return {"ms": statistics.median(times) * 1e3, "calls": len(times), "threads": threads}

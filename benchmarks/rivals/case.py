"""A case that EtaStar's half of benchmarks/compare.sh left in a directory; how a rival is checked and timed on it."""
import json
import math
import os
import resource
import statistics
import time

import numpy

# The largest difference from EtaStar's numbers, as a part of the table's largest entry, float32 against float32.
# Different roundings decide relu's kinks and ties of poolings differently; deep networks have thousands of them.
TOLERANCE = {"gradient": 1e-3, "g": 1e-4, "H": 1e-3, "order3": 1e-3}


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
        if quantity == "gradient":
            flat = numpy.concatenate([numpy.asarray(part).reshape(-1) for part in found])
            return {"gradient": relative(flat, self.read("direction"))}
        s = len(self.tensors)
        ours = {"g": self.read("g", "<f8"), "H": self.read("h", "<f8"), "order3": self.read("order3", "<f8")}
        ours["H"] = ours["H"].reshape(s, s)
        return {name: relative(numpy.asarray(part), ours[name]) for name, part in zip(ours, found)}


def relative(found, expected):
    if found.shape != expected.shape or not numpy.isfinite(found).all():
        return math.inf
    return float(numpy.abs(found - expected).max() / numpy.abs(expected).max())


def limit_memory(gigabytes):
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
        wrong = {name: d for name, d in differences.items() if not d <= TOLERANCE[name]}
        if wrong:
            return say(setting=setting, first_s=first, skipped="wrong: " + told(wrong))
        say(setting=setting, first_s=first, differences=told(differences), **timed(call, seconds))
    except Exception as error:  # whatever a framework cannot do is a reason to tell, not an end
        say(setting=setting, skipped=(type(error).__name__ + ": " + str(error)).replace("\n", " ")[:200])


def told(differences):
    return ",".join("%s:%.1e" % item for item in differences.items())


def timed(call, seconds):
    """Median milliseconds of processor time of calls within the seconds, after one to warm up.

    On a quiet machine a single thread's processor time is its time on the clock; on a busy one it leaves out the waiting
    for others. "threads", processor time over time, says which it was.
    """
    call()
    times, start, used = [], time.perf_counter(), time.process_time()
    while not times or (time.perf_counter() - start < seconds):
        before = time.process_time()
        call()
        times.append(time.process_time() - before)
    spent = time.perf_counter() - start
    threads = (time.process_time() - used) / spent
    return {"ms": statistics.median(times) * 1e3, "calls": len(times), "threads": threads}

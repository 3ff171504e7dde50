"""Parameters as NumPy writes them in the layouts of PyTorch, and what PyTorch's definitions make of them.

Writes src/test/resources/interchange/{perceptron,generator}.npz: parameters by name, and the same names with -data: x, y.
Needs NumPy alone.  python3 src/test/oracle/interchange.py
"""

import pathlib

import numpy

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "interchange"
RANDOM = numpy.random.default_rng(4)


def normal(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def linear(x, weight, bias):
    return x @ weight.T + bias


def conv2d(x, weight, bias, groups=1):
    """torch.nn.functional.conv2d with padding that keeps the size; weight [out, in / groups, kH, kW]."""
    out, inner, side, _ = weight.shape
    margin = side // 2
    padded = numpy.pad(x, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    result = numpy.zeros((x.shape[0], out, *x.shape[2:]))
    for o in range(out):
        first = o // (out // groups) * inner
        for i in range(inner):
            for r in range(side):
                for c in range(side):
                    window = padded[:, first + i, r:r + x.shape[2], c:c + x.shape[3]]
                    result[:, o] += weight[o, i, r, c] * window
        result[:, o] += bias[o]
    return result


def write(name, parameters, x, y):
    numpy.savez(TARGET / f"{name}.npz", **parameters)
    numpy.savez(TARGET / f"{name}-data.npz", x=x, y=y)


def perceptron():
    sizes = [4, 6, 3]
    p = {}
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        p[f"layers.{i}.weight"], p[f"layers.{i}.bias"] = normal(b, a), normal(b)
    x = normal(5, 4)
    h = numpy.tanh(linear(x.astype("float64"), p["layers.0.weight"], p["layers.0.bias"]))
    write("perceptron", p, x, linear(h, p["layers.1.weight"], p["layers.1.bias"]))


def generator():
    width, channels, classes = 2, 1, 3
    p = {"conv.weight": normal(width, channels, 1, 1), "conv.bias": normal(width)}
    for block in range(4):
        name = f"stages.0.{block}."
        p[name + "expand.weight"], p[name + "expand.bias"] = normal(2 * width, width, 1, 1), normal(2 * width)
        p[name + "depthwise.weight"], p[name + "depthwise.bias"] = normal(6 * width, 1, 3, 3), normal(6 * width)
        p[name + "project.weight"], p[name + "project.bias"] = normal(width, 6 * width, 1, 1) / 4, normal(width)
    p["fc.weight"], p["fc.bias"] = normal(classes, width), normal(classes)
    x = normal(3, channels, 4, 4)
    h = conv2d(x.astype("float64"), p["conv.weight"], p["conv.bias"])
    for block in range(4):
        name = f"stages.0.{block}."
        z = numpy.tanh(conv2d(h, p[name + "expand.weight"], p[name + "expand.bias"]))
        z = numpy.tanh(conv2d(z, p[name + "depthwise.weight"], p[name + "depthwise.bias"], groups=2 * width))
        h = h + conv2d(z, p[name + "project.weight"], p[name + "project.bias"])
    # Pooling by 2 and the mean of each channel are one mean.
    write("generator", p, x, linear(h.mean((2, 3)), p["fc.weight"], p["fc.bias"]))


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    perceptron()
    generator()

"""Parameters as NumPy writes them in the layouts of PyTorch, and what PyTorch's definitions make of them.

Writes src/test/resources/interchange/{perceptron,generator,batch-norm}.npz: parameters by name, and the same names with
-data: x, y. Needs NumPy alone.  python3 src/test/oracle/interchange.py
With an argument it writes nothing: PyTorch loads batch-norm.npz, or the file named (of the same network), and must agree.
"""

import pathlib
import sys

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


def pooled(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))


def batch_norm():
    """A vgg of [3, "M", 4] in eval mode."""
    p = {}
    sizes = [(0, 2, 3), (4, 3, 4)]
    for i, before, after in sizes:
        p[f"features.{i}.weight"], p[f"features.{i}.bias"] = normal(after, before, 3, 3), normal(after)
        name = f"features.{i + 1}."
        p[name + "weight"], p[name + "bias"] = normal(after), normal(after)
        p[name + "running_mean"], p[name + "running_var"] = normal(after), normal(after) ** 2 + 0.1
        p[name + "num_batches_tracked"] = numpy.array(7)
    p["classifier.0.weight"], p["classifier.0.bias"] = normal(3, 16), normal(3)
    x = normal(4, 2, 4, 4)
    h = x.astype("float64")
    for i, _, _ in sizes:
        name = f"features.{i + 1}."
        h = conv2d(h, p[f"features.{i}.weight"], p[f"features.{i}.bias"])
        mean, variance, gain, shift = (
            p[name + key].astype("float64")[:, None, None] for key in ("running_mean", "running_var", "weight", "bias"))
        h = numpy.maximum((h - mean) / numpy.sqrt(variance + 1e-5) * gain + shift, 0)
        h = pooled(h) if i == 0 else h
    write("batch-norm", p, x, linear(h.reshape(4, -1), p["classifier.0.weight"], p["classifier.0.bias"]))


def check(file):
    """PyTorch's own modules on the rows of batch-norm-data.npz; prints the outputs, compares those of batch-norm.npz."""
    import torch
    from torch import nn

    model = nn.ModuleDict({
        "features": nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()),
        "classifier": nn.Sequential(nn.Linear(16, 3))})
    model.load_state_dict({name: torch.from_numpy(array) for name, array in numpy.load(file).items()})
    model.eval()
    data = numpy.load(TARGET / "batch-norm-data.npz")
    with torch.no_grad():
        y = model["classifier"](model["features"](torch.from_numpy(data["x"])).flatten(1)).numpy()
    print(file, abs(y - data["y"]).max())
    assert abs(y - data["y"]).max() < 1e-5 * abs(data["y"]).max()


if __name__ == "__main__" and len(sys.argv) > 1:
    check(sys.argv[1] if pathlib.Path(sys.argv[1]).exists() else TARGET / "batch-norm.npz")
elif __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    perceptron()
    generator()
    batch_norm()

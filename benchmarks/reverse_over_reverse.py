#!/usr/bin/env python3
"""Gradient and derivative summary by nested reverse-mode autograd in PyTorch: the baseline of benchmarks/compare.sh.

    reverse_over_reverse.py MODEL BATCH SECONDS [gradient]

float32, one thread, canonical partition (one subset per tensor), random data, direction = gradient. H takes one backward
pass through the graph of the gradient for each subset, order3 two more of a subset's own terms. Prints milliseconds, the
least of repeated runs within SECONDS for each of both.
"""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

CFG = [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]


class Perceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.max_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.tanh(self.fc1(x.flatten(1)))
        return self.fc3(torch.tanh(self.fc2(x)))


def vgg11():
    layers, channels = [], 3
    for width in CFG:
        if width == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ELU()]
            channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10))


class Block(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64)
        blocks, channels = [], 64
        for width, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            blocks += [Block(channels, width, stride), Block(width, width, 1)]
            channels = width
        self.blocks, self.fc = nn.Sequential(*blocks), nn.Linear(512, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return self.fc(x.mean((2, 3)))


def network(name):
    if name == "lenet":
        return LeNet(), (3, 32, 32)
    if name == "vgg11":
        return vgg11(), (3, 32, 32)
    if name == "resnet18":
        return ResNet18(), (3, 32, 32)
    sizes = []
    for part in name.split("-"):
        width, _, times = part.partition("x")
        sizes += [int(width)] * int(times or 1)
    return Perceptron(sizes), (sizes[0],)


def initialise(model):
    for p in model.parameters():
        if p.dim() > 1:
            nn.init.normal_(p, std=1 / math.sqrt(p[0].numel()))


def gradient(model, x, y, graph=False):
    return torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()), create_graph=graph)


def summary(model, x, y, direction):
    """g, H and order3 along the direction; every term is differentiated by another reverse pass."""
    parameters = list(model.parameters())
    slopes = [(g * u).sum() for g, u in zip(gradient(model, x, y, True), direction)]
    h, order3 = [], []
    for s, slope in enumerate(slopes):
        rows = torch.autograd.grad(slope, parameters, create_graph=True, allow_unused=True)
        terms = [(r * u).sum() if r is not None else torch.zeros(()) for r, u in zip(rows, direction)]
        h.append([float(t) for t in terms])
        own = terms[s]
        last = torch.autograd.grad(own, parameters[s], retain_graph=True, allow_unused=True)[0] if own.requires_grad else None
        order3.append(float((last * direction[s]).sum()) if last is not None else 0.0)
    return [float(s) for s in slopes], h, order3


def least_ms(action, seconds):
    best, start = math.inf, time.perf_counter()
    while True:
        before = time.perf_counter()
        action()
        now = time.perf_counter()
        best = min(best, now - before)
        if now - start > seconds:
            return best * 1e3


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    name, batch = sys.argv[1], int(sys.argv[2])
    seconds = float(sys.argv[3])
    model, shape = network(name)
    initialise(model)
    x, y = torch.randn(batch, *shape), torch.randint(10, (batch,))
    direction = [g.detach() for g in gradient(model, x, y)]
    print("torch_gradient_ms=%.4g" % least_ms(lambda: gradient(model, x, y), seconds), flush=True)
    if len(sys.argv) == 4:
        print("torch_summary_ms=%.4g" % least_ms(lambda: summary(model, x, y, direction), seconds), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Expected derivative summaries of the graphs of TestGraphs.java, by nested automatic differentiation in float64.

    ops.py OUT_DIR            write a file for every graph
    ops.py OUT_DIR NAME ...   for these alone

Needs PyTorch. Every row below is the Java graph of the same name, written again from the definition of its op. f(eta) is the
loss summed over the samples at parameters + sum_s eta_s * direction_s, one s for each tensor; g, H and order3 are its first
and second derivatives and the diagonal of the third at eta = 0. Inputs are rounded to two or three decimals, which keeps files small.
"""
import json
import math
import os
import sys
import zlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROWS, CHANNELS, HEIGHT, WIDTH, TARGETS, WORDS = 5, 2, 6, 5, 3, 5
FEATURES = CHANNELS * HEIGHT * WIDTH
SMALL = 1e-3
TABLE = {}


class Case:
    """Parameters by name: made up at their first use, looked up afterwards."""

    def __init__(self, generator):
        self.generator, self.values = generator, {}

    def random(self, shape, scale):
        return torch.round(torch.randn(shape, generator=self.generator) * scale * 100) / 100

    def __call__(self, name, *shape):
        if name not in self.values:
            self.values[name] = self.random(shape, 0.3)
        return self.values[name]

    def dense(self, h, name, a, b):
        return h @ self(name + ".weight", a, b) + self(name + ".bias", b)


def row(name, words=0, classes=False):
    def add(forward):
        assert name not in TABLE, name
        TABLE[name] = (forward, words, classes)
        return forward
    return add


def flat(x):
    return x.reshape(x.shape[0], -1)


def squared(z, y):
    return ((z - y) ** 2).mean(1)


def between(name, function):
    def forward(p, x, y):
        h = function(p, p.dense(flat(x), "a", FEATURES, 4))
        return squared(p.dense(h, "b", 4, TARGETS), y)
    row(name)(forward)


def positive(h):
    return h * h + 0.7


def tanh_of(f):
    return lambda p, h: torch.tanh(f(h))


def norm(h, *axes):
    mean = h.mean(axes, keepdim=True)
    return (h - mean) / torch.sqrt(((h - mean) ** 2).mean(axes, keepdim=True))


def batch_norm(p, name, channels, h, *axes):
    shape = (channels,) if len(axes) == 1 else (1, channels, 1, 1)
    mean = h.mean(axes, keepdim=True)
    variance = ((h - mean) ** 2).mean(axes, keepdim=True)
    return (h - mean) / torch.sqrt(variance + SMALL) * p(name + ".weight", *shape) + p(name + ".bias", *shape)


def moments_norm(h, axis):
    mean = h.mean(axis, keepdim=True)
    return (h - mean) / torch.sqrt(h.var(axis, unbiased=False, keepdim=True) + SMALL)


FUNCTIONS = {
    "relu": lambda p, h: torch.relu(h),
    "tanh": lambda p, h: torch.tanh(h),
    "sigmoid": lambda p, h: torch.sigmoid(h),
    "elu": lambda p, h: F.elu(h),
    "softplus": lambda p, h: F.softplus(h),
    "atan": lambda p, h: torch.atan(h),
    "erf": lambda p, h: torch.erf(h),
    "exp": lambda p, h: torch.exp(0.3 * h),
    "log": lambda p, h: torch.log(h * h + 1.5),
    "square": lambda p, h: h ** 2,
    "neg": lambda p, h: torch.tanh(-h),
    "identity": lambda p, h: torch.tanh(h),
    "add_scalar": lambda p, h: torch.tanh(h + 0.7),
    "sub_scalar": lambda p, h: torch.tanh(h - 0.7),
    "rsub_scalar": lambda p, h: torch.tanh(0.7 - h),
    "mul_scalar": lambda p, h: torch.tanh(h * -1.3),
    "div_scalar": lambda p, h: torch.tanh(h / 1.3),
    "log_softmax": lambda p, h: torch.log_softmax(h, 1),
    "divide": lambda p, h: h / positive(h),
    "divide by a row": lambda p, h: h / positive(p("c", 4)),
    "reversedivide": lambda p, h: h / positive(h),
    "rdiv_scalar": lambda p, h: 1.3 / positive(h),
    "reversesubtract": lambda p, h: p("c", 4) - torch.tanh(h),
    "pow": lambda p, h: positive(h) ** 1.7,
    "pow of a whole number": lambda p, h: h ** 3,
    "sqrt": lambda p, h: torch.sqrt(positive(h)),
    "rsqrt": lambda p, h: torch.rsqrt(positive(h)),
    "reciprocal": lambda p, h: torch.reciprocal(positive(h)),
    "cube": lambda p, h: h * h * h,
    "log1p": lambda p, h: torch.log1p(h * h),
    "expm1": lambda p, h: torch.expm1(0.3 * h),
    "sin": lambda p, h: torch.sin(h),
    "cos": lambda p, h: torch.cos(h),
    "sinh": lambda p, h: torch.sinh(0.3 * h),
    "cosh": lambda p, h: torch.cosh(0.3 * h),
    "cast": lambda p, h: torch.tanh(h),
    "gelu": lambda p, h: h * torch.sigmoid(1.702 * h),
    "precise_gelu": lambda p, h: 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h ** 3))),
    "swish": lambda p, h: h * torch.sigmoid(h),
    "mish": lambda p, h: h * torch.tanh(torch.log(1 + torch.exp(h))),
    "logsigmoid": lambda p, h: torch.log(torch.sigmoid(h)),
    "selu": lambda p, h: torch.where(h > 0, 1.0507009873554804934193349852946 * h, 1.7580993408473768 * torch.expm1(h)),
    "softsign": lambda p, h: h / (1 + torch.abs(h)),
    "softmax": lambda p, h: torch.softmax(h, 1),
    "inverted dropout without a seed": lambda p, h: torch.tanh(h),
    "stop gradient": lambda p, h: h * torch.tanh(h).detach(),
    "dropout without a seed": lambda p, h: torch.tanh(h),
    "abs": lambda p, h: torch.abs(h) ** 2 + torch.abs(h),
    "leakyrelu": tanh_of(lambda h: F.leaky_relu(h, 0.1)),
    "prelu": lambda p, h: torch.tanh(torch.where(h > 0, h, p("c", 1) * h)),
    "hardtanh": tanh_of(F.hardtanh),
    "hard_sigmoid": tanh_of(lambda h: torch.clamp(0.2 * h + 0.5, 0, 1)),
    "step": lambda p, h: h * (h > 0.1),
    "floor": lambda p, h: h * torch.floor(3 * h),
    "relu6": tanh_of(F.relu6),
    "rectified_tanh": lambda p, h: torch.relu(torch.tanh(h)),
    "clip": tanh_of(lambda h: torch.clamp(h, -0.4, 0.9)),
    "reduce_norm2": lambda p, h: h * torch.linalg.norm(h, dim=1, keepdim=True),
    "reduce_sqnorm": lambda p, h: h * 0.1 * (h * h).sum(1, keepdim=True),
    "variance": lambda p, h: h / h.var(1, unbiased=True, keepdim=True),
    "standard deviation": lambda p, h: h / h.std(1, unbiased=False, keepdim=True),
    "moments": lambda p, h: moments_norm(h, 1),
    "standardize": lambda p, h: norm(h, 1),
    "layer_norm": lambda p, h: norm(h, 1) * p("gain", 4) + p("shift", 4),
    "layer_norm without a bias": lambda p, h: norm(h, 1) * p("gain", 4),
    "batch normalisation": lambda p, h: batch_norm(p, "n", 4, h, 0),
    "moments over the batch": lambda p, h: moments_norm(h, 0),
    "sum over the batch": lambda p, h: torch.tanh(h) + 0.1 * torch.tanh(0.2 * h).sum(0, keepdim=True),
}
for name, function in FUNCTIONS.items():
    between(name, function)


# Convolutions and pooling.

def convolution(name, stride, dilation, padding, with_bias, same=False):
    @row(name)
    def forward(p, x, y):
        w, b = p("w", 3, CHANNELS, 3, 2), p("b", 3)
        if same:
            x = same_padding(x, (3, 2), stride)
        h = torch.tanh(F.conv2d(x, w, stride=stride, dilation=dilation, padding=padding) + b.reshape(1, 3, 1, 1))
        return squared(torch.tanh(F.conv2d(h, p("v", TARGETS, 3, 2, 2), padding=1)).mean((2, 3)), y)


def same_padding(x, kernel, stride):
    """Zeros such that ceil(side / stride) windows fit, the odd one behind."""
    margins = []
    for side, k in ((x.shape[3], kernel[1]), (x.shape[2], kernel[0])):
        total = max(0, (-(-side // stride) - 1) * stride + k - side)
        margins += [total // 2, total - total // 2]
    return F.pad(x, margins)


convolution("conv2d", 1, 1, 0, False)
convolution("conv2d padded", 1, 1, 1, True)
convolution("conv2d strided", 2, 1, 1, False)
convolution("conv2d same", 2, 1, 0, False, same=True)
convolution("conv2d dilated", 1, 2, 1, False)


def pooled(name, pool, side, stride):
    @row(name)
    def forward(p, x, y):
        h = pool(torch.tanh(x * p("scale", 1, CHANNELS, HEIGHT, WIDTH)), side, stride)
        return squared(p.dense(flat(h), "b", flat(h).shape[1], TARGETS), y)


pooled("maxpool2d", F.max_pool2d, 2, 2)
pooled("maxpool2d overlapping", F.max_pool2d, 3, 1)
pooled("avgpool2d", F.avg_pool2d, 2, 2)
pooled("avgpool2d overlapping", F.avg_pool2d, 3, 2)


def depthwise_weight(w):
    """[kH, kW, C, M] as [C M, 1, kH, kW]."""
    return w.permute(2, 3, 0, 1).reshape(-1, 1, w.shape[0], w.shape[1])


def depthwise(name, multiplier, stride, dilation, same, with_bias):
    @row(name)
    def forward(p, x, y):
        h = torch.tanh(x * p("scale", 1, 2, HEIGHT, WIDTH))
        w = depthwise_weight(p("w", 3, 2, 2, multiplier))
        if same:
            h = same_padding(h, (3, 2), stride)
        z = F.conv2d(h, w, stride=stride, dilation=dilation, groups=2)
        if with_bias:
            z = z + p("b", 2 * multiplier).reshape(1, -1, 1, 1)
        return squared(p.dense(torch.tanh(z).mean((2, 3)), "c", 2 * multiplier, TARGETS), y)


depthwise("depthwise_conv2d", 1, 1, 1, False, False)
depthwise("depthwise_conv2d doubled", 2, 1, 1, True, True)
depthwise("depthwise_conv2d strided", 1, 2, 1, True, False)
depthwise("depthwise_conv2d dilated", 1, 1, 2, False, False)


def channels_last(name, plain):
    @row(name)
    def forward(p, x, y):
        if plain:
            w = p("w", 3, 2, 2, 3).permute(3, 2, 0, 1)
        else:
            w = p("w", 3, 3, 2, 2).permute(0, 3, 1, 2)
        h = torch.tanh(F.conv2d(same_padding(x, (3, 2), 1), w) + p("b", 3).reshape(1, 3, 1, 1))
        h = F.avg_pool2d(h, 2, 1) if plain else F.max_pool2d(h, 2, 1)
        h = F.conv2d(h, depthwise_weight(p("v", 2, 2, 3, 1)), groups=3)
        return squared(p.dense(torch.tanh(h).mean((2, 3)), "c", 3, TARGETS), y)


channels_last("conv2d channels last", True)
channels_last("conv2d of another layout", False)


@row("upsampling2d")
def upsampling(p, x, y):
    h = torch.tanh(F.conv2d(x, p("w", 2, 2, 3, 3), padding=1))
    h = h.repeat_interleave(2, 2).repeat_interleave(3, 3)
    h = torch.tanh(F.conv2d(same_padding(h, (2, 2), 1), p("v", 3, 2, 2, 2)))
    return squared(p.dense(h.mean((2, 3)), "c", 3, TARGETS), y)


@row("dot_product_attention")
def dot_product_attention(p, x, y):
    h = torch.tanh(p.dense(flat(x), "a", FEATURES, 12))
    q = h.reshape(-1, 3, 4)
    k = p.dense(h, "key", 12, 6).reshape(-1, 3, 2)
    v = p.dense(h, "value", 12, 6).reshape(-1, 3, 2)
    weights = torch.softmax(torch.einsum("ndq,ndk->nqk", q, k) / math.sqrt(3), 2)
    return squared(p.dense(flat(torch.einsum("nqk,nek->neq", weights, v)), "b", 12, TARGETS), y)


@row("depthwise block")
def depthwise_block(p, x, y):
    wide = F.elu(F.conv2d(x, p("expand", 4, 2, 1, 1)))
    deep = F.conv2d(wide, depthwise_weight(p("depthwise", 3, 3, 4, 1)), padding=1, groups=4)
    h = torch.tanh(x + F.conv2d(torch.tanh(deep), p("project", 2, 4, 1, 1)))
    return squared(p.dense(h.mean((2, 3)), "c", 2, TARGETS), y)


@row("residual block")
def residual_block(p, x, y):
    first = batch_norm(p, "bn1", 2, F.conv2d(x, p("conv1", 2, 2, 3, 3), padding=1), 0, 2, 3)
    second = batch_norm(p, "bn2", 2, F.conv2d(F.elu(first), p("conv2", 2, 2, 3, 3), padding=1), 0, 2, 3)
    return squared(p.dense(torch.tanh(x + second).mean((2, 3)), "fc", 2, TARGETS), y)


# Joins and products.

@row("add")
def add(p, x, y):
    h = torch.tanh(p.dense(flat(x), "a", FEATURES, 4))
    return squared(p.dense(h + torch.tanh(p.dense(h, "b", 4, 4)), "c", 4, TARGETS), y)


@row("multiply")
def multiply(p, x, y):
    left = torch.tanh(p.dense(flat(x), "a", FEATURES, TARGETS))
    right = torch.sigmoid(p.dense(flat(x), "b", FEATURES, TARGETS))
    return squared(left * right - right * p("c", TARGETS), y)


@row("matmul with a shared weight")
def shared_weight(p, x, y):
    first = p.dense(flat(x), "a", FEATURES, 4)
    w = p("w", 4, 4)
    return squared(p.dense(torch.tanh(torch.tanh(first @ w) @ w + first @ w), "b", 4, TARGETS), y)


@row("matmul transposed")
def matmul_transposed(p, x, y):
    return squared(p.dense(torch.tanh(flat(x) @ p("v", 4, FEATURES).T), "b", 4, TARGETS), y)


@row("transpose of a weight")
def transposed_weight(p, x, y):
    return squared(p.dense(torch.tanh(flat(x) @ p("w", 4, FEATURES).T), "b", 4, TARGETS), y)


@row("xw_plus_b")
def linear(p, x, y):
    return squared(torch.tanh(flat(x) @ p("w", FEATURES, TARGETS) + p("b", TARGETS)), y)


def repeated(h, *times):
    return h.repeat(1, *times)


def attend_with(p, q, k):
    return q @ k.transpose(-1, -2)


def products(p, h):
    g = p.dense(p.x, "c", FEATURES, 6).reshape(-1, 2, 3)
    return repeated((h @ g.transpose(1, 2)).transpose(1, 2) @ h, 2, 1)


def four_axes(h):
    heads = h.reshape(-1, 2, 2, 3)
    return (heads @ heads.transpose(-1, -2)) @ heads


MOVES = {
    "permute": lambda p, h: h.transpose(1, 2),
    "permute there and back": lambda p, h: h ** 2,
    "slice": lambda p, h: repeated(h[:, 1:3], 2, 1),
    "strided_slice": lambda p, h: repeated(h[:, 0:4:2, 1:3], 1, 3),
    "strided_slice of a point": lambda p, h: repeated(h[:, 2], 4),
    "tile": lambda p, h: repeated(h[:, :2], 2, 1),
    "reverse": lambda p, h: h.flip(1),
    "expand_dims": lambda p, h: h,
    "squeeze": lambda p, h: h ** 2,
    "pad": lambda p, h: F.pad(h[:, :2], (0, 0, 1, 1)),
    "reshape by a constant": lambda p, h: h,
    "concat": lambda p, h: torch.cat(
        (h[:, :, :1], torch.sin(p.dense(p.x, "c", FEATURES, 8).reshape(-1, 4, 2))), 2),
    "concat of three": lambda p, h: torch.cat((h[:, 2:], h[:, :1] ** 2, h[:, :1]), 1),
    "stack": lambda p, h: torch.stack((h[:, 1:3], h[:, 1:3] ** 2), 1),
    "unstack": lambda p, h: repeated(h[:, :, 1], 3),
    "split": lambda p, h: repeated(h[:, 2:], 2, 1),
    "batched matmul": lambda p, h: h @ p.dense(p.x, "c", FEATURES, 9).reshape(-1, 3, 3),
    "batched matmul transposed": products,
    "batched matmul transposed twice": lambda p, h: h.transpose(1, 2)
    @ p.dense(p.x, "c", FEATURES, 16).reshape(-1, 4, 4).transpose(1, 2),
    "matmul of four axes": lambda p, h: four_axes(h),
    "stack times a matrix": lambda p, h: h @ p("w", 3, 3),
    "softmax over another axis": lambda p, h: torch.softmax(h, 1),
    "log_softmax of three axes": lambda p, h: torch.log_softmax(h, 2),
    "softmax of three axes": lambda p, h: torch.softmax(h, 2),
}


def moved(name, move):
    @row(name)
    def forward(p, x, y):
        p.x = flat(x)
        h = move(p, torch.tanh(p.dense(p.x, "a", FEATURES, 12)).reshape(-1, 4, 3))
        return squared(p.dense(flat(h), "b", 12, TARGETS), y)


for name, move in MOVES.items():
    moved(name, move)


@row("gather", classes=True)
def gather(p, x, y):
    h = torch.tanh(p.dense(flat(x), "a", FEATURES, 4))
    return ((h - torch.tanh(p("table", 3, 4))[y]) ** 2).mean(1)


@row("gather of constant rows", classes=True)
def gather_constant(p, x, y):
    h = torch.tanh(p.dense(flat(x), "a", FEATURES, 4))
    return ((h - torch.tanh(p("table", 3, 4))[torch.tensor([2, 0, 2])].sum(0)) ** 2).mean(1)


@row("embedding", words=4, classes=True)
def embedding(p, x, y):
    h = torch.tanh(p("table", WORDS, 3)[x])
    return F.cross_entropy(p.dense(flat(h), "b", 12, TARGETS), y, reduction="none")


@row("embedding_lookup", words=4, classes=True)
def embedding_lookup(p, x, y):
    h = torch.tanh(p("table", WORDS, 3)[x]).mean(1)
    return F.cross_entropy(p.dense(h, "b", 3, TARGETS), y, reduction="none")


@row("attention")
def attention(p, x, y):
    h = torch.tanh(p.dense(flat(x), "a", FEATURES, 12)).reshape(-1, 4, 3)
    q, k, v = (h @ p(name, 3, 3) for name in ("query", "key", "value"))
    mixed = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(3), 2) @ v
    return squared(p.dense(flat(mixed), "b", 12, TARGETS), y)


@row("transformer block", words=3, classes=True)
def transformer(p, x, y):
    h = p("words", WORDS, 4)[x] + p("places", 3, 4)
    n = norm(h, 2) * p("gain1", 4) + p("shift1", 4)
    q, k, v = ((n @ p(f"qkv{i}", 4, 4)).reshape(-1, 3, 2, 2).transpose(1, 2) for i in range(3))
    mixed = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(2), -1) @ v
    h = h + mixed.transpose(1, 2).reshape(-1, 3, 4)
    m = norm(h, 2) * p("gain2", 4) + p("shift2", 4)
    wide = m @ p("up", 4, 5)
    h = h + (wide * torch.sigmoid(1.702 * wide)) @ p("down", 5, 4)
    return F.cross_entropy(p.dense(h.mean(1), "head", 4, TARGETS), y, reduction="none")


# Normalisations of images.

@row("layer_norm of images")
def layer_norm_of_images(p, x, y):
    h = norm(x * p("scale", 1, 1, HEIGHT, WIDTH), 1, 2, 3)
    h = h * p("gain", 2).reshape(1, 2, 1, 1) + p("shift", 2).reshape(1, 2, 1, 1)
    return squared(p.dense(torch.tanh(h).mean((2, 3)), "b", 2, TARGETS), y)


@row("batchnorm")
def batchnorm(p, x, y):
    h = x * p("scale", 1, 1, HEIGHT, WIDTH)
    variance = p("deviation", 2) ** 2 + 0.5
    mean = p("mean", 2)
    n = (h - mean.reshape(1, 2, 1, 1)) / torch.sqrt(variance + SMALL).reshape(1, 2, 1, 1)
    n = n * p("gain", 2).reshape(1, 2, 1, 1) + p("shift", 2).reshape(1, 2, 1, 1)
    return squared(p.dense(torch.tanh(n).mean((2, 3)), "b", 2, TARGETS), y)


@row("batch normalisation of images")
def batch_norm_of_images(p, x, y):
    h = torch.tanh(x * p("scale", 1, 2, HEIGHT, WIDTH))
    n = torch.tanh(batch_norm(p, "n", 2, h, 0, 2, 3))
    return squared(p.dense(n.mean((2, 3)), "b", 2, TARGETS), y)


# Losses.

def hidden(p, x, out=TARGETS):
    return p.dense(torch.tanh(p.dense(flat(x), "a", FEATURES, 4)), "b", 4, out)


@row("sparse_softmax_cross_entropy_loss_with_logits", classes=True)
def cross_entropy(p, x, y):
    return F.cross_entropy(hidden(p, x), y, reduction="none")


@row("a cross-entropy that is not the last op", classes=True)
def bent_cross_entropy(p, x, y):
    return F.cross_entropy(p.dense(flat(x), "a", FEATURES, TARGETS), y, reduction="none") ** 2


@row("cross-entropy of a sequence", classes=True)
def sequence_cross_entropy(p, x, y):
    z = hidden(p, x, 6).reshape(-1, 2, TARGETS)
    return 0.5 * sum(F.cross_entropy(z[:, t], y, reduction="none") for t in range(2))


def loss(name, of_elements):
    @row(name)
    def forward(p, x, y):
        return of_elements(hidden(p, x), y).mean(1)


def logistic(z, y):
    return F.binary_cross_entropy_with_logits(z, y, reduction="none")


def log_loss(z, y):
    q = torch.sigmoid(z)
    return -y * torch.log(q + 1e-7) - (1 - y) * torch.log(1 - q + 1e-7)


loss("mean_sqerr_loss", lambda z, y: (z - y) ** 2)
loss("weighted mean_sqerr_loss", lambda z, y: 2.5 * (z - y) ** 2)
loss("sigm_cross_entropy_loss", logistic)
loss("sigm_cross_entropy_loss smoothed", lambda z, y: logistic(z, 0.8 * y + 0.1))
loss("log_loss", log_loss)
loss("absolute_difference_loss", lambda z, y: torch.abs(torch.tanh(z) - y))
loss("huber_loss", lambda z, y: F.huber_loss(z, y, reduction="none", delta=0.6))
loss("log_poisson_loss", lambda z, y: torch.exp(z) - y * z)
loss("cosine_distance_loss", lambda z, y: 1 - (torch.tanh(z) * y).sum(1, keepdim=True))


def softmax_loss(name, smoothing, weight):
    @row(name)
    def forward(p, x, y):
        targets = (1 - smoothing) * torch.softmax(y, 1) + smoothing / TARGETS
        return -weight * (targets * torch.log_softmax(hidden(p, x), 1)).sum(1)


@row("softmax_cross_entropy_loss_with_logits")
def cross_entropy_of_logits(p, x, y):
    z = p.dense(flat(x), "a", FEATURES, TARGETS)
    return F.cross_entropy(z, torch.softmax(y, 1), reduction="none")


softmax_loss("softmax_cross_entropy_loss", 0, 1)
softmax_loss("softmax_cross_entropy_loss smoothed", 0.1, 1)
softmax_loss("softmax_cross_entropy_loss weighted", 0.1, 1.5)


@row("reduce_sum")
def reduce_sum(p, x, y):
    return ((torch.tanh(p.dense(flat(x), "a", FEATURES, TARGETS)) - y) ** 2).sum(1)


# Writing.

def derivatives(f, subsets):
    eta = torch.zeros(subsets, requires_grad=True)
    value = f(eta)
    g, = torch.autograd.grad(value, eta, create_graph=True)
    h = torch.stack([torch.autograd.grad(g[s], eta, retain_graph=True)[0] if g.requires_grad else torch.zeros(subsets)
                     for s in range(subsets)])
    third = []
    for s in range(subsets):
        one = torch.zeros(subsets)
        one[s] = 1
        e = torch.zeros((), requires_grad=True)
        v = f(e * one)
        for _ in range(3):
            if not v.requires_grad:
                v = torch.zeros(())
                break
            v, = torch.autograd.grad(v, e, create_graph=True, allow_unused=True)
            v = torch.zeros(()) if v is None else v
        third.append(float(v))
    return {"loss": float(value), "g": g.tolist(), "H": h.tolist(), "order3": third}


def make(name):
    forward, words, classes = TABLE[name]
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    case = Case(generator)
    if words:
        x = torch.randint(0, WORDS, (ROWS, words), generator=generator)
    else:
        x = case.random((ROWS, CHANNELS, HEIGHT, WIDTH), 1)
    if classes:
        y = torch.randint(0, TARGETS, (ROWS,), generator=generator)
    else:
        y = torch.round(torch.rand((ROWS, TARGETS), generator=generator) * 1000) / 1000
    forward(case, x, y)
    theta = dict(case.values)
    u = {n: case.random(v.shape, 0.3) for n, v in theta.items()}

    def f(eta):
        case.values = {n: theta[n] + eta[s] * u[n] for s, n in enumerate(theta)}
        return forward(case, x, y).sum()

    arrays = {n: {"shape": list(v.shape), "value": numbers(v), "direction": numbers(u[n])} for n, v in theta.items()}
    return {"name": name, "x": numbers(x), "y": numbers(y), "parameters": arrays, "expected": derivatives(f, len(theta))}


def numbers(t):
    return [round(v, 3) for v in t.reshape(-1).tolist()]


def main(out, names):
    for name in names or TABLE:
        with open(os.path.join(out, name.replace(" ", "_") + ".json"), "w") as file:
            json.dump(make(name), file, separators=(",", ":"))
            file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])

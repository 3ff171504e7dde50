"""Small networks of parts that the other two files do not have, which torch_differences.py compares: weights that are computed, gates, odd pools and activations."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from torch_modules import Case


class ExciteSeparable(nn.Module):
    """A depthwise-separable convolution under SiLU, squeeze-excite over a 2 x 2 grid, a residual with a learned scalar that begins at 0, adaptive pools."""

    def __init__(self, channels=2, width=6):
        super().__init__()
        self.stem = nn.Conv2d(channels, width, 3, padding=1, padding_mode="circular")
        self.depthwise, self.pointwise = nn.Conv2d(width, width, 3, padding="same", groups=width, bias=False), nn.Conv2d(width, width, 1)
        self.squeeze, self.excite = nn.Linear(4 * width, 3), nn.Linear(3, width)
        self.scale = nn.Parameter(torch.zeros(1))
        self.fc = nn.Linear(width * 6 + width, 4)

    def forward(self, x):
        x = F.silu(self.stem(x))
        y = self.pointwise(F.silu(self.depthwise(x)))
        gate = torch.sigmoid(self.excite(F.relu6(self.squeeze(F.adaptive_avg_pool2d(y, 2).flatten(1)))))
        x = x + self.scale * y * gate[:, :, None, None]
        return self.fc(torch.cat([F.adaptive_avg_pool2d(x, (3, 2)).flatten(1), F.adaptive_max_pool2d(x, 1).flatten(1)], 1))


class Bag(nn.Module):
    """nn.EmbeddingBag's mean and a table's mean side by side, GELU, a weight-normed dense layer, a highway gate."""

    def __init__(self, vocabulary=11, width=6):
        super().__init__()
        self.bag, self.table = nn.EmbeddingBag(vocabulary, width, mode="mean"), nn.Embedding(vocabulary, width)
        self.fc = nn.utils.parametrizations.weight_norm(nn.Linear(2 * width, width))
        self.carry, self.out = nn.Linear(width, width), nn.Linear(width, 3)

    def forward(self, tokens):
        x = F.gelu(self.fc(torch.cat([self.bag(tokens), self.table(tokens).mean(1)], -1)))
        gate = torch.sigmoid(self.carry(x))
        return self.out(gate * torch.tanh(x) + (1 - gate) * x)


class Hyper(nn.Module):
    """A network whose second layer's weights another one computes for each row; FiLM; lerp by a learned share."""

    def __init__(self, features=5, width=4):
        super().__init__()
        self.width, self.first = width, nn.Linear(features, width)
        self.weights, self.film = nn.Linear(features, width * width), nn.Linear(features, 2 * width)
        self.share, self.out = nn.Parameter(torch.tensor(0.3)), nn.Linear(width, 3)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        y = torch.bmm(self.weights(x).view(-1, self.width, self.width) / self.width, h.unsqueeze(-1)).squeeze(-1)
        scale, shift = self.film(x).chunk(2, -1)
        return self.out(torch.lerp(h, F.elu(torch.addcmul(shift, y, 1 + scale)), self.share))


class StandardConv(nn.Module):
    """Convolutions whose kernels are standardised first, GroupNorm, a pool with count_include_pad off, PixelUnshuffle."""

    def __init__(self, channels=2, width=4):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(4 * channels, width, 3, padding=1), nn.Conv2d(width, width, 3, stride=2, padding=1, groups=2)
        self.gain, self.norm, self.fc = nn.Parameter(torch.ones(width, 1, 1, 1)), nn.GroupNorm(2, width), nn.Linear(width * 4, 3)

    @staticmethod
    def standard(weight):
        var, mean = torch.var_mean(weight, dim=(1, 2, 3), keepdim=True)
        return (weight - mean) * torch.rsqrt(var + 1e-4)

    def forward(self, x):
        x = F.pixel_unshuffle(x, 2)
        x = self.norm(F.conv2d(x, self.standard(self.conv1.weight), self.conv1.bias, padding=1))
        x = F.avg_pool2d(F.mish(x), 3, 1, 1, count_include_pad=False)
        x = F.conv2d(x, self.gain * self.standard(self.conv2.weight), self.conv2.bias, 2, 1, 1, 2)
        return self.fc(F.hardswish(x).flatten(1))


class Segments(nn.Module):
    """log_softmax over the channels of a picture, the classes brought to the last axis; transposed convolutions in groups, dilated; bilinear corners."""

    def __init__(self, channels=2, classes=3):
        super().__init__()
        self.down, self.up = nn.Conv2d(channels, 6, 3, stride=2, padding=1), nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, groups=2)
        self.wide, self.head = nn.ConvTranspose2d(4, 4, 2, padding=1, dilation=2), nn.Conv2d(4 + channels, classes, 1)

    def forward(self, x):
        y = self.wide(F.leaky_relu(self.up(F.softplus(self.down(x), beta=2)), 0.2))
        y = F.interpolate(y, size=x.shape[-2:], mode="bilinear", align_corners=True)
        return torch.movedim(F.log_softmax(self.head(torch.cat([y, x], 1)), dim=1), 1, -1)


class Crossed(nn.Module):
    """nn.MultiheadAttention across, keys and values of other widths, a bias for each key appended and a zero one; a float mask; handwritten RMSNorm."""

    def __init__(self, width=8):
        super().__init__()
        self.query, self.memory, self.value = nn.Linear(3, width), nn.Linear(3, 6), nn.Linear(3, 5)
        self.cross = nn.MultiheadAttention(width, 2, kdim=6, vdim=5, add_bias_kv=True, add_zero_attn=True, batch_first=True)
        self.gain, self.out = nn.Parameter(torch.ones(width)), nn.Linear(width, 3)
        self.register_buffer("mask", torch.tensor([[0.0, -1, -2], [-1, 0, -1], [-2, -1, 0]]))

    def forward(self, x):
        q = self.query(x[:, :3])
        y, _ = self.cross(q, self.memory(x[:, 3:]), self.value(x[:, 3:]), attn_mask=self.mask, need_weights=False)
        x = q + y
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-4) * self.gain
        return self.out(x.amax(1))


class Activations(nn.Module):
    """One unit each of the activations that PyTorch has beyond the usual ones, GLU, nn.Bilinear, Maxout, PReLU for each unit."""

    def __init__(self, features=6):
        super().__init__()
        self.kinds = nn.ModuleList([
            nn.LeakyReLU(0.3), nn.PReLU(3, 0.1), nn.Softplus(2.0, 3.0), nn.Mish(), nn.Hardswish(), nn.CELU(0.7), nn.SELU(), nn.LogSigmoid(),
            nn.Tanhshrink(), nn.Softshrink(0.2), nn.Hardshrink(0.2), nn.Hardtanh(-0.6, 0.8), nn.RReLU(0.1, 0.3), nn.Softsign(),
            nn.GELU("tanh"), nn.Threshold(0.1, -0.2), nn.Softmin(-1), nn.SiLU()])
        self.layers = nn.ModuleList([nn.Linear(features, 3) for _ in self.kinds])
        self.gate, self.pair, self.pieces = nn.Linear(features, 8), nn.Bilinear(4, 3, 4), nn.Linear(features, 8)
        self.out = nn.Linear(3 * len(self.kinds) + 8, 3)

    def forward(self, x):
        parts = [kind(layer(x)) for kind, layer in zip(self.kinds, self.layers)]
        most = self.pieces(x).unflatten(1, (4, 2)).amax(-1)
        return self.out(torch.cat([*parts, self.pair(F.glu(self.gate(x)), parts[3]), most], 1))


class GatedConv1d(nn.Module):
    """1-D convolutions in groups, dilated, causal by chopping; gates of tanh and sigmoid; skips summed; power and overlapping pools."""

    def __init__(self, channels=4, width=6):
        super().__init__()
        self.first = nn.Conv1d(channels, width, 1)
        self.gates = nn.ModuleList([nn.Conv1d(width, 2 * width, 2, dilation=d, padding=d, groups=2) for d in (1, 2, 4)])
        self.mixes = nn.ModuleList([nn.Conv1d(width, width, 1, bias=False) for _ in range(3)])
        self.out = nn.Linear(width * 4, 3)

    def forward(self, x):
        x, skips = self.first(x), 0
        for gate, mix in zip(self.gates, self.mixes):
            a, b = gate(x)[..., : x.shape[-1]].chunk(2, 1)
            y = mix(torch.tanh(a) * torch.sigmoid(b))
            x, skips = (x + y) * math.sqrt(0.5), skips + y
        x = F.lp_pool1d(F.softplus(skips), 2, 3, 2)
        return self.out(F.adaptive_max_pool1d(x, 4).flatten(1))


class Cells(nn.Module):
    """Recurrent cells in a loop over the steps of a series: nn.LSTMCell, then nn.GRUCell on its outputs in reverse."""

    def __init__(self, features=3, width=4):
        super().__init__()
        self.width, self.lstm, self.gru, self.out = width, nn.LSTMCell(features, width), nn.GRUCell(width, width), nn.Linear(width, 3)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[0], self.width)
        steps = []
        for step in x.unbind(1):
            h, c = self.lstm(step, (h, c))
            steps.append(h)
        back = torch.zeros_like(h)
        for step in reversed(steps):
            back = self.gru(step, back)
        return self.out(back)


class Recurrent(nn.Module):
    """nn.LSTM in two layers and both directions, nn.GRU from a learned state backwards over its outputs, nn.RNN with relu."""

    def __init__(self, features=3, width=4):
        super().__init__()
        self.lstm = nn.LSTM(features, width, 2, batch_first=True, bidirectional=True, dropout=0.1)
        self.gru, self.rnn = nn.GRU(2 * width, width, bias=False, batch_first=True), nn.RNN(width, 3, nonlinearity="relu")
        self.start, self.out = nn.Parameter(torch.zeros(1, 1, width)), nn.Linear(3 + 2 * width, 3)

    def forward(self, x):
        y, (_, c) = self.lstm(x)
        z, _ = self.gru(y.flip(1), torch.tanh(self.start).repeat(1, x.shape[0], 1))
        _, last = self.rnn(z.transpose(0, 1))
        return self.out(torch.cat([last[-1], c[-2], c[-1]], -1))


class Contractions(nn.Module):
    """einsum with a diagonal, an outer product, a sum over three operands and an ellipsis; tensordot; cosine similarity; distances to centres; logsumexp."""

    def __init__(self, features=4):
        super().__init__()
        self.core, self.left, self.right = (nn.Parameter(torch.zeros(shape)) for shape in ((3, features, features), (features, 3), (3, 3)))
        self.centres, self.out = nn.Parameter(torch.zeros(5, 3)), nn.Linear(3 * 3 + 5 + 3 + 1, 3)

    def forward(self, x):
        bilinear = torch.einsum("ni,kij,nj->nk", x, self.core, x)
        outer = torch.einsum("nk,nl->nkl", bilinear, torch.tensordot(x, self.left, dims=1))
        own = torch.einsum("nkk->nk", outer @ self.right)
        distances = torch.exp(-(bilinear.unsqueeze(1) - self.centres).square().sum(-1) / 8)
        alike = F.cosine_similarity(bilinear, own, dim=-1, eps=1e-3)
        total = torch.einsum("...kl->...k", outer)
        parts = [outer.flatten(1), distances, torch.tanh(total), alike.unsqueeze(1)]
        return self.out(torch.cat(parts, 1)) - torch.logsumexp(own, 1, keepdim=True)


class Capsules(nn.Module):
    """Capsules with two rounds of routing by agreement, squashed; strides by slices; a margin of lengths as logits."""

    def __init__(self, features=8, capsules=4, classes=3, size=3):
        super().__init__()
        self.capsules, self.votes = capsules, nn.Parameter(torch.zeros(capsules, classes, features // capsules, size))

    @staticmethod
    def squash(s):
        square = (s * s).sum(-1, keepdim=True)
        return square / (1 + square) * s / torch.sqrt(square + 1e-3)

    def forward(self, x):
        u = torch.stack([x[:, i :: self.capsules] for i in range(self.capsules)], 1)
        votes = torch.einsum("nci,ckio->ncko", self.squash(u), self.votes)
        logits = torch.zeros_like(votes[..., 0])
        for _ in range(2):
            v = self.squash((torch.softmax(logits, 2).unsqueeze(-1) * votes).sum(1))
            logits = logits + (votes * v.unsqueeze(1)).sum(-1)
        return 4 * torch.linalg.vector_norm(v, dim=-1)


class Translated(nn.Module):
    """nn.Transformer, encoder and decoder, over patches that nn.Unfold cuts; nn.PixelShuffle puts the picture together again."""

    def __init__(self, width=8):
        super().__init__()
        self.cut, self.join = nn.Unfold(2, stride=2), nn.PixelShuffle(2)
        self.embed, self.back = nn.Linear(4, width), nn.Linear(width, 4)
        self.transformer = nn.Transformer(width, 2, 1, 1, 12, dropout=0.1, activation="gelu", batch_first=True, norm_first=True)
        self.targets = nn.Parameter(torch.zeros(1, 4, width))

    def forward(self, x):
        patches = self.embed(self.cut(x).transpose(1, 2))
        y = self.transformer(patches, self.targets.expand(x.shape[0], -1, -1))
        return self.join(self.back(y).transpose(1, 2).unflatten(2, (2, 2)))


CASES = {
    "excite-separable": Case(ExciteSeparable, (2, 7, 7), classes=4, rows=4, seed=510),
    "bag": Case(Bag, (5,), classes=3, vocabulary=11, rows=5, seed=520),
    "hyper": Case(Hyper, (5,), classes=3, rows=6, seed=530),
    "standard-conv": Case(StandardConv, (2, 8, 8), classes=3, rows=4, seed=540),
    "segments": Case(Segments, (2, 7, 7), classes=3, rows=3, seed=550),
    "crossed": Case(Crossed, (6, 3), classes=3, rows=4, seed=560),
    "activations": Case(Activations, (6,), classes=3, rows=8, seed=570),
    "gated-conv1d": Case(GatedConv1d, (4, 11), classes=3, rows=4, seed=580),
    "cells": Case(Cells, (5, 3), classes=3, rows=4, seed=590),
    "recurrent": Case(Recurrent, (4, 3), classes=3, rows=4, seed=595),
    "contractions": Case(Contractions, (4,), classes=3, rows=6, seed=600),
    "capsules": Case(Capsules, (8,), classes=3, rows=5, seed=610),
    "translated": Case(Translated, (1, 4, 4), "mse", rows=3, seed=620),
}

"""Twelve small networks as people write them in PyTorch, which a model read from ONNX is compared with.

`CASES` maps a name to a Case; `Case.make()` gives the module in float32 with fixed weights, `Case.data()` the rows. The weights of
all layers, those of norms and running statistics included, are drawn at random: at PyTorch's first values a swapped or missing
parameter could go unnoticed. Runs on PyTorch 1.13 as well.
"""
import dataclasses
import math
from typing import Callable

import torch
import torch.nn.functional as F
from torch import nn


class Mlp(nn.Module):
    """Dense layers with LayerNorm, exact GELU and dropout."""

    def __init__(self, features=6, width=10, classes=4):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(features, width), nn.LayerNorm(width), nn.GELU(), nn.Dropout(0.1),
            nn.Linear(width, width, bias=False), nn.LayerNorm(width), nn.Tanh(), nn.Linear(width, classes))

    def forward(self, x):
        return self.net(x)


class GroupedConv(nn.Module):
    """Convolutions in groups with BatchNorm, a stride, average and maximum pooling."""

    def __init__(self, channels=3, classes=4):
        super().__init__()
        self.stem = nn.Conv2d(channels, 8, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 12, 3, stride=2, padding=1, groups=4)
        self.norm2 = nn.BatchNorm2d(12)
        self.conv3 = nn.Conv2d(12, 8, 1, groups=2)
        self.fc = nn.Linear(8 * 2 * 2, classes)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.norm1(self.stem(x))), 2)
        x = F.elu(self.norm2(self.conv2(x)))
        x = F.max_pool2d(F.softplus(self.conv3(x)), 2, stride=1)
        return self.fc(x.reshape(x.size(0), -1))


class UNet(nn.Module):
    """Two steps down and up: one up by nearest neighbours and a convolution, one by a transposed convolution; skips by concatenation."""

    def __init__(self, channels=2, width=4):
        super().__init__()
        self.down1 = self.block(channels, width)
        self.down2 = self.block(width, 2 * width)
        self.middle = self.block(2 * width, 2 * width)
        self.up2 = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.join2 = self.block(3 * width, width)
        self.up1 = nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(width, width, 1))
        self.join1 = self.block(2 * width, width)
        self.head = nn.Conv2d(width, channels, 1)

    @staticmethod
    def block(before, after):
        return nn.Sequential(nn.Conv2d(before, after, 3, padding=1), nn.SiLU())

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(F.max_pool2d(first, 2))
        x = self.middle(F.max_pool2d(second, 2))
        x = self.join2(torch.cat([self.up2(x), second], dim=1))
        x = self.join1(torch.cat([self.up1(x), first], dim=1))
        return self.head(x)


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 with BatchNorm after each and a shortcut, by convolution where shapes differ."""

    def __init__(self, before, width, stride=1):
        super().__init__()
        after = 2 * width
        self.conv1, self.bn1 = nn.Conv2d(before, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, after, 1, bias=False), nn.BatchNorm2d(after)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, channels=3, classes=4):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(Bottleneck(6, 3), Bottleneck(6, 3))
        self.layer2 = nn.Sequential(Bottleneck(6, 5, stride=2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(10, classes)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        x = self.layer2(self.layer1(x))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class InvertedResidual(nn.Module):
    def __init__(self, before, after, stride, act):
        super().__init__()
        width = 2 * before
        self.residual = stride == 1 and before == after
        self.conv = nn.Sequential(
            nn.Conv2d(before, width, 1, bias=False), nn.BatchNorm2d(width), act(),
            nn.Conv2d(width, width, 3, stride, 1, groups=width, bias=False), nn.BatchNorm2d(width), act(),
            nn.Conv2d(width, after, 1, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNet(nn.Module):
    """Depthwise convolutions with ReLU6 in one block and Hardswish in another."""

    def __init__(self, channels=3, classes=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.Hardswish(),
            InvertedResidual(4, 4, 1, nn.ReLU6), InvertedResidual(4, 6, 2, nn.Hardswish))
        self.classifier = nn.Sequential(nn.Linear(6, 8), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(8, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


class VitBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width, eps=1e-6)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    """Patches by convolution, a class token, learned positions, nn.MultiheadAttention."""

    def __init__(self, channels=2, size=6, patch=2, width=8, classes=4):
        super().__init__()
        self.patch_embed = nn.Conv2d(channels, width, patch, stride=patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, width))
        self.blocks = nn.ModuleList([VitBlock(width, 2) for _ in range(2)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class CausalAttention(nn.Module):
    """Query, key and value from one layer, split; scaled_dot_product_attention, or masked_fill with a buffer where fused is False."""

    def __init__(self, width, heads, length, fused):
        super().__init__()
        self.heads, self.fused = heads, fused
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def forward(self, x):
        n, t, c = x.size()
        q, k, v = (z.view(n, t, self.heads, c // self.heads).transpose(1, 2) for z in self.c_attn(x).split(c, dim=2))
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            a = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            a = a.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf"))
            y = F.softmax(a, dim=-1) @ v
        return self.c_proj(y.transpose(1, 2).contiguous().view(n, t, c))


class GptBlock(nn.Module):
    def __init__(self, width, heads, length, fused):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = CausalAttention(width, heads, length, fused)
        self.c_fc, self.c_proj = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    """Token and position embeddings, causal attention in both spellings, the output layer tied to the token embedding."""

    def __init__(self, vocabulary=11, length=6, width=8):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.drop = nn.Dropout(0.1)
        fused = hasattr(F, "scaled_dot_product_attention")
        self.h = nn.ModuleList([GptBlock(width, 2, length, fused), GptBlock(width, 2, length, False)])
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, tokens):
        positions = torch.arange(tokens.size(1), device=tokens.device)
        x = self.drop(self.wte(tokens) + self.wpe(positions))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class Encoder(nn.Module):
    """nn.TransformerEncoder on embedded tokens with sinusoidal positions, the mean over positions classified."""

    def __init__(self, norm_first, activation, vocabulary=9, length=5, width=8, classes=3):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        angle = torch.arange(length)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(100.0) / width))
        self.register_buffer("position", torch.stack([angle.sin(), angle.cos()], dim=-1).reshape(length, width))
        layer = nn.TransformerEncoderLayer(width, 2, 12, 0.1, activation, batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.fc = nn.Linear(width, classes)

    def forward(self, tokens):
        return self.fc(self.encoder(self.embedding(tokens) + self.position).mean(dim=1))


class TextCnn(nn.Module):
    """Convolutions of three widths over embedded tokens, the maximum over time of each, concatenated."""

    def __init__(self, vocabulary=12, width=5, channels=4, classes=3):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.convs = nn.ModuleList([nn.Conv1d(width, channels, k) for k in (2, 3, 4)])
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(3 * channels, classes)

    def forward(self, tokens):
        x = self.embedding(tokens).transpose(1, 2)
        maxima = [torch.tanh(conv(x)).max(dim=2).values for conv in self.convs]
        return self.fc(self.dropout(torch.cat(maxima, dim=1)))


class Conv1d(nn.Module):
    """Strided, dilated and causally padded 1-D convolutions on a series, with BatchNorm1d and pooling."""

    def __init__(self, channels=2, classes=3):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv1d(channels, 6, 5, stride=2, padding=2), nn.BatchNorm1d(6)
        self.conv2 = nn.Conv1d(6, 6, 3, padding=2, dilation=2, groups=2)
        self.conv3, self.bn3 = nn.Conv1d(6, 8, 2), nn.BatchNorm1d(8)
        self.fc = nn.Linear(8, classes)

    def forward(self, x):
        x = F.leaky_relu(self.bn1(self.conv1(x)), 0.1)
        x = F.max_pool1d(x + torch.sigmoid(self.conv2(x)), 2)
        x = F.relu(self.bn3(self.conv3(F.pad(x, (1, 0)))))
        return self.fc(F.adaptive_avg_pool1d(x, 1).squeeze(-1))


class Autoencoder(nn.Module):
    """Strided convolutions and a dense layer down, ConvTranspose2d with output padding up, a sigmoid at the end."""

    def __init__(self, channels=1, width=4, code=5):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, width, 3, 2, 1), nn.Tanh(), nn.Conv2d(width, 2 * width, 3, 2, 1), nn.Tanh(), nn.Flatten(),
            nn.Linear(8 * width, code))
        self.decoder = nn.Sequential(
            nn.Linear(code, 8 * width), nn.Tanh(), nn.Unflatten(1, (2 * width, 2, 2)),
            nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1), nn.BatchNorm2d(width), nn.Tanh(),
            nn.ConvTranspose2d(width, channels, 4, 2, 1), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


class MixerBlock(nn.Module):
    def __init__(self, tokens, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.tokens = nn.Sequential(nn.Linear(tokens, 6), nn.GELU(), nn.Linear(6, tokens))
        self.channels = nn.Sequential(nn.Linear(width, 12), nn.GELU(), nn.Linear(12, width))

    def forward(self, x):
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


class Mixer(nn.Module):
    """Patches cut by reshape and permute, blocks that mix tokens and channels."""

    def __init__(self, channels=3, size=6, patch=3, width=7, classes=4):
        super().__init__()
        self.patch = patch
        self.stem = nn.Linear(channels * patch * patch, width)
        self.blocks = nn.Sequential(*[MixerBlock((size // patch) ** 2, width) for _ in range(2)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        n, c, h, w = x.shape
        p = self.patch
        x = x.reshape(n, c, h // p, p, w // p, p).permute(0, 2, 4, 1, 3, 5).reshape(n, (h // p) * (w // p), c * p * p)
        return self.head(self.norm(self.blocks(self.stem(x))).mean(dim=1))


def randomise(module, seed):
    """Draws parameters about as large as PyTorch's, norms' gains near 1, and running statistics; tied tensors once."""
    generator = torch.Generator().manual_seed(seed)
    normal = lambda p: torch.randn(p.shape, generator=generator)
    norms = (nn.LayerNorm, nn.modules.batchnorm._BatchNorm, nn.GroupNorm, nn.modules.instancenorm._InstanceNorm)
    gains = {id(m.weight) for m in module.modules() if isinstance(m, norms) and m.weight is not None}
    with torch.no_grad():
        for p in module.parameters():
            fan = p[0].numel() if p.dim() > 1 else 1
            p.copy_(1 + 0.2 * normal(p) if id(p) in gains else normal(p) / math.sqrt(fan) if p.dim() > 1 else 0.2 * normal(p))
        for name, b in module.named_buffers():
            if name.endswith("running_mean"):
                b.copy_(0.3 * normal(b))
            elif name.endswith("running_var"):
                b.copy_(torch.exp(0.3 * normal(b)))
    return module


def short(tensor):
    """Rounded to 1/256, so that it is short in decimals as well."""
    return torch.round(tensor * 256) / 256


def loss(kind, output, y):
    """The mean over rows. nll: classes on the last axis (axis 1 of an [N, C] output), y indices of all other axes; mse: mean of squares."""
    if kind == "nll":
        return F.cross_entropy(output.reshape(-1, output.shape[-1]), y.reshape(-1))
    return ((output - y) ** 2).mean()


@dataclasses.dataclass
class Case:
    """A network, the shape of a row ("vocabulary" where rows are tokens), its targets ("classes": indices) and its loss.

    fresh: with PyTorch's own first values.
    """

    build: Callable
    row: tuple
    loss: str = "nll"
    classes: int = 0
    vocabulary: int = 0
    rows: int = 5
    seed: int = 0
    fresh: bool = False

    def make(self):
        torch.manual_seed(self.seed)
        return (self.build() if self.fresh else randomise(self.build(), self.seed)).eval()

    def data(self):
        generator = torch.Generator().manual_seed(self.seed + 1)
        shape = (self.rows, *self.row)
        if self.vocabulary:
            x = torch.randint(self.vocabulary, shape, generator=generator)
        else:
            x = short(torch.randn(shape, generator=generator))
        with torch.no_grad():
            output = self.make()(x)
        if self.loss == "mse":
            return x, short(torch.rand(output.shape, generator=generator))
        return x, torch.randint(self.classes, output.shape[:-1], generator=generator)

    def direction(self, module):
        """One tensor per parameter, by name, of about the parameter's length."""
        generator = torch.Generator().manual_seed(self.seed + 2)
        length = lambda p: p.detach().pow(2).mean().sqrt() if p.any() else 0.1
        return {name: short(torch.randn(p.shape, generator=generator) * length(p))
                for name, p in module.named_parameters()}


CASES = {
    "mlp": Case(Mlp, (6,), classes=4, seed=10),
    "conv": Case(GroupedConv, (3, 10, 10), classes=4, rows=4, seed=20),
    "unet": Case(UNet, (2, 8, 8), "mse", rows=3, seed=30),
    "resnet": Case(ResNet, (3, 8, 8), classes=4, rows=4, seed=40),
    "mobilenet": Case(MobileNet, (3, 8, 8), classes=4, rows=4, seed=50),
    "vit": Case(Vit, (2, 6, 6), classes=4, rows=4, seed=60),
    "gpt": Case(Gpt, (6,), classes=11, vocabulary=11, rows=3, seed=70),
    "encoder-post": Case(lambda: Encoder(False, "relu"), (5,), classes=3, vocabulary=9, rows=4, seed=80),
    "encoder-pre": Case(lambda: Encoder(True, "gelu"), (5,), classes=3, vocabulary=9, rows=4, seed=90),
    # All its layers have the same first values, which are not tied for that.
    "encoder-fresh": Case(lambda: Encoder(False, "gelu"), (5,), classes=3, vocabulary=9, rows=4, seed=140, fresh=True),
    "textcnn": Case(TextCnn, (8,), classes=3, vocabulary=12, seed=100),
    "conv1d": Case(Conv1d, (2, 16), classes=3, seed=110),
    "autoencoder": Case(Autoencoder, (1, 8, 8), "mse", rows=4, seed=120),
    "mixer": Case(Mixer, (3, 6, 6), classes=4, rows=4, seed=130),
}

"""Further networks, unlike those of torch_modules.py, which torch_differences.py compares: convolutional, of tokens, of tables, of sets, of series."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from torch_modules import Case


class SqueezeExcite(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, 3, 1), nn.Conv2d(3, c, 1)

    def forward(self, x):
        s = F.adaptive_avg_pool2d(x, 1)
        return x * F.hardsigmoid(self.fc2(F.gelu(self.fc1(s), approximate="tanh")))


class GroupNormNet(nn.Module):
    """Dilated convolutions, GroupNorm, SiLU, Mish, squeeze-excite."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 8, 3, padding=2, dilation=2)
        self.gn1 = nn.GroupNorm(4, 8)
        self.se = SqueezeExcite(8)
        self.conv2 = nn.Conv2d(8, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), bias=False)
        self.gn2 = nn.GroupNorm(1, 6, eps=1e-6)
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = self.se(F.silu(self.gn1(self.conv1(x))))
        x = F.mish(self.gn2(self.conv2(x)))
        return self.fc(x.mean((-2, -1)))


class SuperRes(nn.Module):
    """InstanceNorm (one affine), PReLU per channel and shared, PixelShuffle; images out."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 6, 3, padding=1, padding_mode="reflect"), nn.InstanceNorm2d(6, affine=True), nn.PReLU(6),
                                 nn.Conv2d(6, 8, 3, padding="same"), nn.InstanceNorm2d(8), nn.PReLU(), nn.Conv2d(8, 4, 1), nn.PixelShuffle(2))

    def forward(self, x):
        return torch.sigmoid(self.net(x)) + F.interpolate(x, scale_factor=2, mode="nearest")


class WindowEinsum(nn.Module):
    """Window attention by einsum with a cyclic shift (torch.roll), relative bias, log-softmax output."""

    def __init__(self, width=6, heads=2, window=2, size=4):
        super().__init__()
        self.h, self.w = heads, window
        self.embed = nn.Conv2d(2, width, 1)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.bias = nn.Parameter(torch.zeros(heads, window * window, window * window))
        self.out = nn.Linear(width, width)
        self.head = nn.Linear(width, 4)

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 3, 1)
        y = torch.roll(x, shifts=(-1, -1), dims=(1, 2))
        n, a, b, c = y.shape
        w = self.w
        y = y.view(n, a // w, w, b // w, w, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, c)
        q, k, v = self.qkv(y).reshape(-1, w * w, 3, self.h, c // self.h).unbind(2)
        s = torch.einsum("blhd,bmhd->bhlm", q, k) / math.sqrt(c // self.h) + self.bias
        y = torch.einsum("bhlm,bmhd->blhd", s.softmax(-1), v).flatten(2)
        y = self.out(y).view(n, a // w, b // w, w, w, c).permute(0, 1, 3, 2, 4, 5).reshape(n, a, b, c)
        x = x + torch.roll(y, (1, 1), (1, 2))
        return F.log_softmax(self.head(torch.tanh(x).amax(dim=(1, 2))), dim=1)


class MaskedMean(nn.Module):
    """The mean of embedded tokens other than 0, twice; the two compared by nn.Bilinear."""

    def __init__(self, vocabulary=10, width=5):
        super().__init__()
        self.emb = nn.Embedding(vocabulary, width)
        self.gate = nn.Linear(width, 1)
        self.bilinear = nn.Bilinear(width, width, 4)
        self.fc = nn.Linear(4, 3)

    def forward(self, tokens):
        mask = (tokens != 0).to(self.emb.weight.dtype)
        e = self.emb(tokens)
        mean = (e * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)
        score = self.gate(e).squeeze(-1).masked_fill(tokens == 0, -1e9)
        pooled = torch.bmm(score.softmax(1).unsqueeze(1), e).squeeze(1)
        return self.fc(torch.tanh(self.bilinear(mean, pooled)))


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Rotary(nn.Module):
    """A decoder as of today: RMSNorm, rotary positions, grouped keys and values, SwiGLU, a boolean mask."""

    def __init__(self, vocabulary=9, length=5, width=8, heads=2):
        super().__init__()
        self.h, self.d = heads, width // heads
        self.tok = nn.Embedding(vocabulary, width)
        self.n1, self.n2, self.n3 = RMSNorm(width), RMSNorm(width), RMSNorm(width)
        self.q, self.kv, self.o = nn.Linear(width, width, bias=False), nn.Linear(width, 2 * self.d, bias=False), nn.Linear(width, width, bias=False)
        self.w1, self.w2, self.w3 = nn.Linear(width, 12, bias=False), nn.Linear(12, width, bias=False), nn.Linear(width, 12, bias=False)
        self.head = nn.Linear(width, vocabulary, bias=False)
        angle = torch.arange(length)[:, None] * (10.0 ** (-torch.arange(0, self.d, 2) / self.d))[None]
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def rotate(self, x):
        a, b = x[..., 0::2], x[..., 1::2]
        t = x.shape[-2]
        c, s = self.cos[:t], self.sin[:t]
        return torch.stack((a * c - b * s, a * s + b * c), dim=-1).flatten(-2)

    def forward(self, tokens):
        x = self.tok(tokens)
        n, t, c = x.shape
        y = self.n1(x)
        q = self.q(y).view(n, t, self.h, self.d).transpose(1, 2)
        k, v = (z.view(n, t, 1, self.d).transpose(1, 2).expand(n, self.h, t, self.d) for z in self.kv(y).chunk(2, dim=-1))
        mask = torch.ones(t, t, dtype=torch.bool).tril()
        y = F.scaled_dot_product_attention(self.rotate(q), self.rotate(k), v, attn_mask=mask)
        x = x + self.o(y.transpose(1, 2).reshape(n, t, c))
        y = self.n2(x)
        x = x + self.w2(F.silu(self.w1(y)) * self.w3(y))
        return self.head(self.n3(x))


class PaddingMask(nn.Module):
    """nn.TransformerEncoderLayer with a key padding mask made of the tokens, a class token, learned positions by slice."""

    def __init__(self, vocabulary=8, length=6, width=6):
        super().__init__()
        self.emb = nn.Embedding(vocabulary, width)
        self.pos = nn.Parameter(torch.zeros(1, 16, width))
        self.cls = nn.Parameter(torch.zeros(width))
        self.enc = nn.TransformerEncoderLayer(width, 3, 10, 0.0, F.gelu, batch_first=True, norm_first=True)
        self.fc = nn.Linear(width, 3)

    def forward(self, tokens):
        pad = tokens == 0
        x = self.emb(tokens) + self.pos[:, : tokens.shape[1]]
        x = torch.cat([self.cls.repeat(x.shape[0], 1, 1), x], 1)
        pad = torch.cat([torch.zeros_like(pad[:, :1]), pad], 1)
        return self.fc(self.enc(x, src_key_padding_mask=pad)[:, 0, :])


class GatedTcn(nn.Module):
    """Dilated causal convolutions under weight_norm, GLU, a positive output by softplus."""

    def __init__(self):
        super().__init__()
        wn = nn.utils.parametrizations.weight_norm
        self.convs = nn.ModuleList([wn(nn.Conv1d(3 if i == 0 else 4, 8, 2, dilation=2 ** i)) for i in range(3)])
        self.skip = nn.Conv1d(3, 4, 1)
        self.out = wn(nn.Linear(4, 2))

    def forward(self, x):
        h = self.skip(x)
        for i, conv in enumerate(self.convs):
            z = F.glu(conv(F.pad(x if i == 0 else h, (2 ** i, 0))), dim=1)
            h = h + z
        return F.softplus(self.out(h[:, :, -1]), beta=2)


class Pointwise(nn.Module):
    """where, clamp, pow, sqrt, log, exp, minimum, nested slices, a learned exponent and temperature."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 8), nn.Linear(8, 8)
        self.exponent = nn.Parameter(torch.tensor([1.5, 0.5]))
        self.scale = nn.Parameter(torch.tensor(0.7))
        self.out = nn.Linear(11, 2)

    def forward(self, x):
        h = self.a(x)
        left, right = h[:, :4], h[:, 4:][:, ::2]
        left = torch.where(left > 0, left, 0.1 * torch.expm1(left.clamp(max=0.0)))
        right = torch.sqrt(right.pow(2) + 1.0) - torch.log1p(right.abs())
        power = (left[..., 1:3].abs() + 0.5) ** self.exponent
        k = self.b(h).clamp(-1.0, 1.0)
        low = torch.minimum(k[:, -3:], h[:, 1:4] ** 3 / 4)
        r = torch.rsqrt(1 + left[:, :1] ** 2) * torch.exp(-self.scale * x[:, [0]] ** 2)
        z = torch.cat([left, power, low, r, (right.sum(-1, keepdim=True) / 3).sin()], -1)
        return self.out(z)


class ConvNext(nn.Module):
    """Depthwise 5x5, LayerNorm in channels-last, layer scale, an average pool with ceil_mode, BatchNorm before the head."""

    def __init__(self, width=6):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 2, stride=2)
        self.dw = nn.Conv2d(width, width, 5, padding=2, groups=width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.up, self.down = nn.Linear(width, 12), nn.Linear(12, width)
        self.gamma = nn.Parameter(torch.ones(width))
        self.pool = nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False)
        self.bn = nn.BatchNorm1d(width * 4, affine=True)
        self.head = nn.Linear(width * 4, 4)

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.dw(x).permute(0, 2, 3, 1))
        y = self.gamma * self.down(F.gelu(self.up(y)))
        x = x + y.permute(0, 3, 1, 2)
        return self.head(self.bn(torch.flatten(self.pool(x), 1)))


class Tabular(nn.Module):
    """Linear, BatchNorm1d, SELU, dropout; batch norm without affine at the entry; a residual; feature gating by Softmax."""

    def __init__(self):
        super().__init__()
        self.entry = nn.BatchNorm1d(5, affine=False)
        self.l1, self.bn1 = nn.Linear(5, 8), nn.BatchNorm1d(8, eps=1e-3)
        self.l2, self.bn2 = nn.Linear(8, 8, bias=False), nn.BatchNorm1d(8)
        self.gate = nn.Linear(5, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.entry(x)
        h = F.selu(self.bn1(self.l1(x)))
        h = F.dropout(h, 0.3, self.training)
        h = h + F.celu(self.bn2(self.l2(h)), 0.7)
        return self.head(h * torch.softmax(self.gate(x), dim=-1))


class GatedMlp(nn.Module):
    """gMLP: tokens mixed by a gate over positions."""

    def __init__(self, length=5, width=6):
        super().__init__()
        self.emb, self.norm = nn.Embedding(9, width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(width, width)
        self.gate_norm, self.spatial = nn.LayerNorm(width), nn.Conv1d(length, length, 1)
        self.fc = nn.Linear(width, 3)

    def forward(self, tokens):
        x = self.emb(tokens)
        u, v = F.gelu(self.up(self.norm(x))).chunk(2, dim=-1)
        x = x + self.down(u * (self.spatial(self.gate_norm(v)) + 1))
        return self.fc(x.mean(1))


class Separable(nn.Module):
    """Depthwise-separable 1-D convolutions, causal and dilated, spectral norm, a last step read."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList()
        for i in range(3):
            self.blocks.append(nn.Sequential(nn.Conv1d(4, 4, 3, dilation=2 ** i, groups=4, bias=False), nn.Conv1d(4, 4, 1), nn.ReLU6()))
        self.inner = nn.Conv1d(2, 4, 1)
        self.head = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3))

    def forward(self, x):
        x = self.inner(x)
        for i, block in enumerate(self.blocks):
            x = x + block(F.pad(x, (2 ** (i + 1), 0)))
        return self.head(x[..., -1])


class BilinearUNet(nn.Module):
    """Skips that are joined after bilinear and nearest upsampling, of odd sides, adaptive pools."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 6, 3, 2, 1), nn.Conv2d(6, 6, 3, 2, 1)
        self.up1, self.up2 = nn.Conv2d(12, 5, 1), nn.Conv2d(9, 2, 3, padding=1)
        self.context = nn.Linear(6, 6)

    def forward(self, x):
        a = torch.tanh(self.a(x))
        b = F.silu(self.b(a))
        c = F.elu(self.c(b))
        c = c * torch.sigmoid(self.context(F.adaptive_avg_pool2d(c, 1).flatten(1)))[:, :, None, None]
        up = F.interpolate(c, size=b.shape[2:], mode="bilinear", align_corners=False)
        x = F.softplus(self.up1(torch.cat([up, b], 1)))
        return self.up2(torch.cat([F.interpolate(x, size=a.shape[2:], mode="nearest"), a], 1))


class Alibi(nn.Module):
    """Causal attention with slopes over distances in place of positions, post-norm, the logits of each token."""

    def __init__(self, vocabulary=7, length=6, width=6, heads=2):
        super().__init__()
        self.heads = heads
        self.emb, self.qkv, self.out = nn.Embedding(vocabulary, width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)
        distance = torch.arange(length)[None] - torch.arange(length)[:, None]
        slopes = 2.0 ** -torch.arange(1, heads + 1)
        self.register_buffer("bias", (slopes[:, None, None] * distance).masked_fill(distance > 0, float("-inf")))

    def forward(self, tokens):
        x = self.emb(tokens)
        n, t, c = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=self.bias.to(x.dtype))
        return self.head(self.norm(x + self.out(y.transpose(1, 2).flatten(2))))


class SetTransformer(nn.Module):
    """Induced points, attention pooling by a learned seed, nn.MultiheadAttention of queries and keys of different lengths."""

    def __init__(self, inputs=3, width=6):
        super().__init__()
        self.inner = nn.Linear(inputs, width)
        self.points, self.seed = nn.Parameter(torch.zeros(1, 2, width)), nn.Parameter(torch.zeros(1, 1, width))
        self.down, self.up, self.pool = (nn.MultiheadAttention(width, 2, batch_first=True) for _ in range(3))
        self.norm, self.fc = nn.LayerNorm(width), nn.Linear(width, 3)

    def forward(self, x):
        x = self.inner(x)
        h, _ = self.down(self.points.expand(len(x), -1, -1), x, x, need_weights=False)
        x = self.norm(x + self.up(x, h, h, need_weights=False)[0])
        pooled, _ = self.pool(self.seed.repeat(x.size(0), 1, 1), x, x, need_weights=False)
        return self.fc(F.leaky_relu(pooled.squeeze(1)))


class Mixture(nn.Module):
    """Dense experts, all of them weighted by a gate, as one stack of matrices."""

    def __init__(self, experts=3, inputs=5, width=6):
        super().__init__()
        self.gate = nn.Linear(inputs, experts)
        self.up, self.up_bias = nn.Parameter(torch.zeros(experts, inputs, width)), nn.Parameter(torch.zeros(experts, 1, width))
        self.down = nn.Parameter(torch.zeros(experts, width, 3))

    def forward(self, x):
        shares = torch.softmax(self.gate(x) / 0.7, dim=-1)
        h = F.hardtanh(torch.einsum("ni,eio->eno", x, self.up) + self.up_bias, -2, 2)
        y = torch.bmm(torch.tanh(h), self.down)
        return (shares.t().unsqueeze(-1) * y).sum(0)


class Fourier(nn.Module):
    """Coordinates as sines and cosines of fixed frequencies, SIREN layers, a number as output."""

    def __init__(self):
        super().__init__()
        self.register_buffer("frequencies", torch.linspace(0.5, 2.0, 8).reshape(2, 4))
        self.layers = nn.ModuleList([nn.Linear(10, 8), nn.Linear(8, 8)])
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        angle = 2 * math.pi * x @ self.frequencies
        h = torch.cat([x, angle.sin(), torch.cos(angle)], dim=-1)
        for i, layer in enumerate(self.layers):
            h = torch.sin(3.0 * layer(h)) if i == 0 else torch.sin(layer(h))
        return self.out(h)


class Siamese(nn.Module):
    """Two halves of a row through the same layers, their difference, product and distance compared."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 7), nn.ReLU(), nn.LayerNorm(7, elementwise_affine=False), nn.Linear(7, 5))
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        a, b = (self.net(part) for part in x.split(4, dim=1))
        a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
        near = F.cosine_similarity(a, b, dim=1).unsqueeze(1)
        far = torch.linalg.vector_norm(a - b + 1e-3, dim=1, keepdim=True)
        return self.fc(torch.cat([torch.abs(a - b), a * b, near, far], 1))


class Perceiver(nn.Module):
    """Patches by nn.Unfold, a class token, positions interpolated from a coarser grid, pre-norm blocks with layer scale, GeGLU."""

    def __init__(self, width=6):
        super().__init__()
        self.unfold, self.embed = nn.Unfold(2, stride=2), nn.Linear(8, width)
        self.position, self.token = nn.Parameter(torch.zeros(1, width, 2, 2)), nn.Parameter(torch.zeros(1, 1, width))
        self.norm, self.attention = nn.LayerNorm(width), nn.MultiheadAttention(width, 3, bias=False, batch_first=True)
        self.scale, self.up, self.down = nn.Parameter(torch.ones(width)), nn.Linear(width, 8), nn.Linear(4, width)
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        x = self.embed(self.unfold(x).transpose(1, 2))
        place = F.interpolate(self.position, scale_factor=1.5, mode="bilinear", align_corners=True)
        x = torch.cat([self.token.expand(x.size(0), -1, -1), x + place.flatten(2).transpose(1, 2)], 1)
        y = self.norm(x)
        x = x + self.scale * self.attention(y, y, y)[0]
        a, b = self.up(x).tensor_split(2, dim=-1)
        return self.head((x + self.down(F.gelu(a) * b)).select(1, 0))


class Bucketed(nn.Module):
    """Columns cut into buckets whose embeddings are added, numbers by cast and whole division, a residual."""

    def __init__(self):
        super().__init__()
        self.table, self.pair = nn.Embedding(8, 4), nn.Embedding(4, 4)
        self.fc1, self.fc2 = nn.Linear(3, 4), nn.Linear(4, 3)

    def forward(self, x):
        bucket = (x[:, 0] * 2 + 4).clamp(0, 7).long()
        h = self.table(bucket) + self.pair(bucket // 2) + self.fc1(torch.floor(x) * 0.25 + x)
        return self.fc2(h + F.mish(h))


class ResponseNorm(nn.Module):
    """Blocks with global response normalisation and squeeze-excite by 1-D convolution over channels, residuals that are scaled."""

    def __init__(self, width=6):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(2, width, 2, 2), nn.LayerNorm(width)
        self.dw, self.up, self.down = nn.Conv2d(width, width, 3, padding=1, groups=width), nn.Linear(width, 10), nn.Linear(10, width)
        self.gamma, self.beta = nn.Parameter(torch.zeros(1, 1, 1, 10)), nn.Parameter(torch.zeros(1, 1, 1, 10))
        self.channels, self.scale = nn.Conv1d(1, 1, 3, padding=1, bias=False), nn.Parameter(torch.ones(width, 1, 1))
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        x = self.stem(x)
        y = F.gelu(self.up(self.norm(self.dw(x).permute(0, 2, 3, 1))))
        size = torch.norm(y, p=2, dim=(1, 2), keepdim=True)
        y = self.gamma * (y * (size / (size.mean(dim=-1, keepdim=True) + 1e-6))) + self.beta + y
        x = x + self.scale * self.down(y).permute(0, 3, 1, 2)
        weights = self.channels(x.mean((2, 3)).unsqueeze(1)).squeeze(1).sigmoid()
        return self.head((x * weights[:, :, None, None]).flatten(2).amax(-1))


class Columns(nn.Module):
    """Embeddings of columns, hashed where there are many values, and numbers in residual blocks under BatchNorm1d."""

    def __init__(self, width=6):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(5, 3), nn.Embedding(4, 2)])
        self.inner, self.bn = nn.Linear(3 + 3 + 2, width), nn.BatchNorm1d(3)
        self.blocks = nn.ModuleList([nn.Sequential(nn.BatchNorm1d(width), nn.Linear(width, 9), nn.ReLU(), nn.Dropout(0.0), nn.Linear(9, width))
                                     for _ in range(2)])
        self.head = nn.Sequential(nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x):
        hashed = (torch.round(x[:, 3] * 100).long() * 31 + 7) % 5
        second = torch.where(x[:, 4] > 0, torch.floor(x[:, 4]).long().clamp(0, 2) + 1, torch.zeros_like(hashed))
        h = self.inner(torch.cat([self.bn(x[:, :3]), self.tables[0](hashed), self.tables[1](second)], dim=1))
        for block in self.blocks:
            h = h + block(h)
        return self.head(h)


class RelativeBias(nn.Module):
    """Attention with a bias learned for each distance, by buckets, and scores that are capped; post-norm, a mean of tokens."""

    def __init__(self, vocabulary=9, length=6, width=6, heads=2):
        super().__init__()
        self.heads = heads
        self.emb, self.bias = nn.Embedding(vocabulary, width), nn.Embedding(5, heads)
        self.q, self.k, self.v, self.o = (nn.Linear(width, width, bias=i == 3) for i in range(4))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 3)

    def forward(self, tokens):
        x = self.emb(tokens)
        n, t, c = x.shape
        place = torch.arange(t, device=x.device)
        bucket = (place[None] - place[:, None]).clamp(-2, 2) + 2
        q, k, v = (layer(x).view(n, t, self.heads, -1).transpose(1, 2) for layer in (self.q, self.k, self.v))
        scores = 5 * torch.tanh((q @ k.transpose(-2, -1) + self.bias(bucket).permute(2, 0, 1)) / 5)
        y = (torch.softmax(scores, -1) @ v).transpose(1, 2).contiguous().view(n, t, c)
        return self.head(self.norm(x + self.o(y)).mean(1))


class Queries(nn.Module):
    """Learned queries over a picture's features, normed queries and keys, a class for each query."""

    def __init__(self, width=6, queries=3):
        super().__init__()
        self.stem, self.queries = nn.Conv2d(1, width, 3, stride=2, padding=1), nn.Embedding(queries, width)
        self.self_attention, self.cross = nn.MultiheadAttention(width, 2, batch_first=True), nn.MultiheadAttention(width, 3, batch_first=True)
        self.n1, self.n2, self.n3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.ffn, self.head = nn.Sequential(nn.Linear(width, 8), nn.Hardswish(), nn.Linear(8, width)), nn.Linear(width, 4)

    def forward(self, x):
        memory = F.leaky_relu(self.stem(x), 0.1).flatten(2).transpose(1, 2)
        q = self.queries.weight.unsqueeze(0).repeat(len(x), 1, 1)
        q = self.n1(q + self.self_attention(q, q, q)[0])
        q = self.n2(q + self.cross(q, F.normalize(memory, dim=-1), memory)[0])
        return self.head(self.n3(q + self.ffn(q))).mean(1)


class Decoder(nn.Module):
    """Rotary positions by halves, nn.RMSNorm, repeated keys and values, SwiGLU in one matrix, causal by flag, tied head."""

    def __init__(self, vocabulary=9, length=6, width=8, heads=4):
        super().__init__()
        self.h, self.d = heads, width // heads
        self.tok, self.n1, self.n2, self.n3 = nn.Embedding(vocabulary, width), nn.RMSNorm(width, eps=1e-3), nn.RMSNorm(width, eps=1e-5), nn.RMSNorm(width, eps=1e-6)
        self.q, self.kv, self.o = nn.Linear(width, width), nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.gate, self.down = nn.Linear(width, 20, bias=False), nn.Linear(10, width, bias=False)
        self.register_buffer("rates", 10.0 ** (-torch.arange(0, self.d, 2).float() / self.d), persistent=False)

    def turned(self, x):
        angle = torch.outer(torch.arange(x.size(-2), device=x.device).type_as(self.rates), self.rates)
        angle = torch.cat([angle, angle], -1)
        a, b = x.chunk(2, -1)
        return x * angle.cos() + torch.cat([-b, a], -1) * angle.sin()

    def forward(self, tokens):
        x = self.tok(tokens)
        n, t, c = x.shape
        y = self.n1(x)
        q = self.q(y).view(n, t, self.h, self.d).transpose(1, 2)
        k, v = self.kv(y).view(n, t, 2, self.h // 2, self.d).permute(2, 0, 3, 1, 4).unbind(0)
        k, v = (z.repeat_interleave(2, dim=1) for z in (self.turned(k), v))
        y = F.scaled_dot_product_attention(self.turned(q), k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(n, t, c))
        a, b = self.gate(self.n2(x)).chunk(2, -1)
        return F.linear(self.n3(x + self.down(F.silu(a) * b)), self.tok.weight)


class Crosses(nn.Module):
    """A factorisation machine, cross layers and a deep part side by side, over numbers and n-grams of tokens that are hashed."""

    def __init__(self, width=4):
        super().__init__()
        self.first, self.second = nn.Embedding(7, 1), nn.Embedding(7, width)
        self.cross = nn.ModuleList([nn.Linear(5 * width, 5 * width) for _ in range(2)])
        self.deep = nn.Sequential(nn.Linear(5 * width, 6), nn.BatchNorm1d(6), nn.Softsign(), nn.Linear(6, 3))
        self.out, self.bias = nn.Linear(5 * width, 3), nn.Parameter(torch.zeros(3))

    def forward(self, tokens):
        pairs = torch.remainder(tokens[:, 1:] * 3 + tokens[:, :-1], 7)
        e = self.second(pairs)
        machine = self.first(pairs).sum(1) + 0.5 * (e.sum(1).square() - e.square().sum(1)).sum(1, keepdim=True)
        x0 = x = e.flatten(1)
        for layer in self.cross:
            x = x0 * layer(x) + x
        return machine + self.deep(x0) + self.out(x) + self.bias


class Forecast(nn.Module):
    """A series normed by its own mean and spread, patches by unfold, a moving mean and what is left of it apart, forecasts scaled back."""

    def __init__(self, length=12, ahead=4):
        super().__init__()
        self.slow, self.fast = nn.Linear(length, ahead), nn.Linear(5 * 4, ahead)
        self.embed = nn.Linear(4, 4)

    def forward(self, x):
        centre, spread = x.mean(-1, keepdim=True), torch.sqrt(x.var(-1, keepdim=True, unbiased=False) + 1e-5)
        x = (x - centre) / spread
        slow = F.avg_pool1d(F.pad(x.unsqueeze(1), (1, 1), mode="replicate"), 3, 1).squeeze(1)
        patches = (x - slow).unfold(-1, 4, 2)
        y = self.slow(slow) + self.fast(torch.tanh(self.embed(patches)).flatten(1))
        return y * spread + centre


CASES = {
    "groupnorm": Case(GroupNormNet, (2, 7, 6), classes=3, rows=4, seed=210),
    "superres": Case(SuperRes, (1, 5, 5), "mse", rows=3, seed=220),
    "window": Case(WindowEinsum, (2, 4, 4), classes=4, rows=4, seed=230),
    "maskedmean": Case(MaskedMean, (7,), classes=3, vocabulary=10, rows=5, seed=240),
    "rotary": Case(Rotary, (5,), classes=9, vocabulary=9, rows=3, seed=250),
    "padmask": Case(PaddingMask, (6,), classes=3, vocabulary=8, rows=5, seed=260),
    "gatedtcn": Case(GatedTcn, (3, 9), "mse", rows=4, seed=270),
    "pointwise": Case(Pointwise, (6,), "mse", rows=6, seed=280),
    "convnext": Case(ConvNext, (3, 7, 7), classes=4, rows=5, seed=290),
    "tabular": Case(Tabular, (5,), classes=3, rows=6, seed=300),
    "gatedmlp": Case(GatedMlp, (5,), classes=3, vocabulary=9, rows=4, seed=310),
    "separable": Case(Separable, (2, 9), classes=3, rows=4, seed=320),
    "bilinear-unet": Case(BilinearUNet, (1, 7, 9), "mse", rows=3, seed=330),
    "alibi": Case(Alibi, (6,), classes=7, vocabulary=7, rows=3, seed=340),
    "set": Case(SetTransformer, (4, 3), classes=3, rows=4, seed=350),
    "mixture": Case(Mixture, (5,), classes=3, rows=5, seed=360),
    "fourier": Case(Fourier, (2,), "mse", rows=6, seed=370),
    "siamese": Case(Siamese, (8,), classes=2, rows=5, seed=380),
    "perceiver": Case(Perceiver, (2, 6, 6), classes=3, rows=3, seed=390),
    "bucketed": Case(Bucketed, (3,), classes=3, rows=6, seed=400),
    "response-norm": Case(ResponseNorm, (2, 6, 6), classes=3, rows=4, seed=410),
    "columns": Case(Columns, (5,), "mse", rows=6, seed=420),
    "relative-bias": Case(RelativeBias, (6,), classes=3, vocabulary=9, rows=4, seed=430),
    "queries": Case(Queries, (1, 7, 6), classes=4, rows=4, seed=440),
    "decoder": Case(Decoder, (6,), classes=9, vocabulary=9, rows=3, seed=450),
    "crosses": Case(Crosses, (6,), classes=3, vocabulary=7, rows=6, seed=460),
    "forecast": Case(Forecast, (12,), "mse", rows=4, seed=470),
}

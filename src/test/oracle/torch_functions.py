"""Functions of torch.nn.functional in plain arithmetic, for derivatives that PyTorch has wrong or not at all.

Third derivatives of PyTorch's own layer_norm, and of batch_norm with a batch's statistics, are wrong (2.13: by 5 % to 300 % in the cases
of torch_modules.py; second ones are right); conv_transpose2d with output_padding has none, hardsigmoid no second ones. celu's take alpha in single precision.
"""
import contextlib

import torch
import torch.nn.functional as F


def normalise(x, axes, eps):
    centred = x - x.mean(axes, keepdim=True)
    return centred / torch.sqrt((centred * centred).mean(axes, keepdim=True) + eps)


def per_channel(v, x):
    return v.reshape(1, -1, *[1] * (x.dim() - 2))


def scaled(x, weight, bias):
    x = x if weight is None else x * per_channel(weight, x)
    return x if bias is None else x + per_channel(bias, x)


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    x = normalise(x, tuple(range(-len(normalized_shape), 0)), eps)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if training:
        return scaled(normalise(x, (0, *range(2, x.dim())), eps), weight, bias)
    return scaled((x - per_channel(running_mean, x)) / torch.sqrt(per_channel(running_var, x) + eps), weight, bias)


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    return scaled(normalise(x.reshape(x.shape[0], num_groups, -1), (2,), eps).reshape(x.shape), weight, bias)


def instance_norm(x, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    assert use_input_stats
    return scaled(normalise(x, tuple(range(2, x.dim())), eps), weight, bias)


def spread(x, rows, columns):
    """Zeros between the elements of the last two axes, so that they are rows and columns apart."""
    height, width = x.shape[-2:]
    x = F.pad(x.unsqueeze(-1), (0, columns - 1)).flatten(-2)[..., :(width - 1) * columns + 1]
    return F.pad(x.unsqueeze(-2), (0, 0, 0, rows - 1)).flatten(-3, -2)[..., :(height - 1) * rows + 1, :]


def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """A convolution of x with zeros between its elements."""
    if groups > 1:
        parts = zip(x.chunk(groups, 1), weight.chunk(groups, 0))
        y = torch.cat([conv_transpose2d(a, b, None, stride, padding, output_padding, 1, dilation) for a, b in parts], 1)
        return scaled(y, None, bias)
    x, weight = spread(x, *stride), spread(weight, *dilation)
    top, left = weight.shape[2] - 1 - padding[0], weight.shape[3] - 1 - padding[1]
    x = F.pad(x, (left, left + output_padding[1], top, top + output_padding[0]))
    return F.conv2d(x, weight.flip(2, 3).transpose(0, 1), bias)


def hardsigmoid(x, inplace=False):
    return (x / 6 + 0.5).clamp(0, 1)


def celu(x, alpha=1.0, inplace=False):
    return x.clamp(min=0) + alpha * torch.expm1(x.clamp(max=0) / alpha)


def embedding_bag(x, weight, *_):
    """Means of rows of one length."""
    return weight[x].mean(1)


@contextlib.contextmanager
def written_out():
    """Functions in plain arithmetic, attention without fused kernels."""
    own = {f.__name__: f for f in (layer_norm, batch_norm, group_norm, instance_norm, conv_transpose2d, hardsigmoid, celu, embedding_bag)}
    saved = {name: getattr(F, name) for name in own}
    try:
        for name, function in own.items():
            setattr(F, name, function)
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            yield
    finally:
        for name, function in saved.items():
            setattr(F, name, function)

"""Functions of torch.nn.functional that the exporter to ONNX cannot write, in others that it can."""

import contextlib


@contextlib.contextmanager
def written_out():
    """In their places while a module is captured: layers call them by name."""
    import torch.nn.functional as functional

    saved = {name: getattr(functional, name) for name in _MAKERS}
    try:
        for name, maker in _MAKERS.items():
            setattr(functional, name, maker(saved[name]))
        yield
    finally:
        for name, function in saved.items():
            setattr(functional, name, function)


def _embedding_bag(own):
    """Bags of one length, [N, length], as embeddings: PyTorch numbers all their elements, so that the exporter fixes how many there are."""
    import torch.nn.functional as functional

    def bags(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode="mean", sparse=False,
             per_sample_weights=None, include_last_offset=False, padding_idx=None):
        if input.dim() != 2 or max_norm is not None or mode == "max" and padding_idx is not None:
            return own(input, weight, offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx)
        found = functional.embedding(input, weight)
        if mode == "max":
            return found.amax(1)
        if per_sample_weights is not None:
            found = found * per_sample_weights.unsqueeze(-1)
        if padding_idx is None:
            return found.mean(1) if mode == "mean" else found.sum(1)
        present = (input != padding_idx).unsqueeze(-1).to(found.dtype)
        total = (found * present).sum(1)
        return total / present.sum(1).clamp(min=1) if mode == "mean" else total

    return bags


def _adaptive_max_pool(axes):
    def maker(own):
        def pool(input, output_size, return_indices=False):
            if return_indices:
                return own(input, output_size, return_indices)
            sizes = output_size if isinstance(output_size, (tuple, list)) else [output_size] * axes
            for axis, size in zip(range(-axes, 0), sizes):
                input = input if size is None else _windows(input, axis, size)
            return input

        return pool

    return maker


def _windows(x, axis, count):
    """The largest element of each of so many windows of an axis, as adaptive pools cut it."""
    import torch

    side = x.shape[axis]
    ends = [(i * side // count, -(-(i + 1) * side // count)) for i in range(count)]
    return torch.cat([x.narrow(axis, start, end - start).amax(axis, keepdim=True) for start, end in ends], axis)


def _rrelu(own):
    import torch.nn.functional as functional

    def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, inplace=False):
        return own(input, lower, upper, training, inplace) if training else functional.leaky_relu(input, (lower + upper) / 2)

    return rrelu


_MAKERS = {
    "embedding_bag": _embedding_bag,
    "adaptive_max_pool1d": _adaptive_max_pool(1),
    "adaptive_max_pool2d": _adaptive_max_pool(2),
    "adaptive_max_pool3d": _adaptive_max_pool(3),
    "rrelu": _rrelu,
}

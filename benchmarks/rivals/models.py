"""The models of benchmarks/compare.sh, written once for any framework.

A framework is an object with the ops that are called here; parameters are a list in EtaStar's order and layouts: dense
weights [in, out], convolution weights [out, in, rows, columns].
"""

VGG11 = (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M")


def forward(ops, model, parameters, x):
    """Logits [rows, classes] of x [rows, features]."""
    take = iter(parameters)
    networks = {"lenet": lenet, "vgg11": vgg11, "resnet18": resnet18, "transformer": transformer}
    return networks.get(kind(model), perceptron)(ops, take, x, len(parameters))


def kind(model):
    """The name without how much narrower it is: vgg11 of vgg11/16, whose widths come with its parameters."""
    return model.split("/")[0]


def mixes_rows(model):
    """Whether a row's loss depends on the other rows of its batch (batch norm), so that the batch cannot be cut."""
    return kind(model) == "resnet18"


def kinked(model):
    """Whether the loss has kinks in the parameters (relu)."""
    return kind(model) == "resnet18"


def convolutional(model):
    return kind(model) in ("lenet", "vgg11", "resnet18")


def dense(ops, take, x):
    weight, bias = next(take), next(take)
    return ops.dense(x, weight, bias)


def perceptron(ops, take, x, tensors):
    for _ in range(tensors // 2 - 1):
        x = ops.tanh(dense(ops, take, x))
    return dense(ops, take, x)


def lenet(ops, take, x, tensors):
    x = x.reshape(-1, 3, 32, 32)
    for _ in range(2):
        weight, bias = next(take), next(take)
        x = ops.pool(ops.tanh(ops.convolution(x, weight, bias, 1, 0)))
    x = ops.tanh(dense(ops, take, x.reshape(x.shape[0], -1)))
    x = ops.tanh(dense(ops, take, x))
    return dense(ops, take, x)


def vgg11(ops, take, x, tensors):
    x = x.reshape(-1, 3, 32, 32)
    for width in VGG11:
        if width == "M":
            x = ops.pool(x)
        else:
            weight, bias = next(take), next(take)
            x = ops.elu(ops.convolution(x, weight, bias, 1, 1))
    return dense(ops, take, x.reshape(x.shape[0], -1))


def resnet18(ops, take, x, tensors):
    def normed(x, stride, padding):
        weight, scale, shift = next(take), next(take), next(take)
        return ops.batch_norm(ops.convolution(x, weight, None, stride, padding), scale, shift)

    x = ops.relu(normed(x.reshape(-1, 3, 32, 32), 1, 1))
    for stage in range(4):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            y = normed(ops.relu(normed(x, stride, 1)), 1, 1)
            x = ops.relu(y + (normed(x, stride, 0) if stride == 2 else x))
    return dense(ops, take, x.mean((2, 3)))


def transformer(ops, take, x, tensors):
    """Blocks of pre-norm attention over 16 positions of 32 numbers, four heads; the mean over positions."""
    length, features, heads = 16, 32, 4

    def normed(h):
        scale, shift = next(take), next(take)
        return ops.layer_norm(h, scale, shift)

    def split(rows):
        return rows.reshape(-1, length, heads, rows.shape[1] // heads).swapaxes(1, 2)

    h = dense(ops, take, x.reshape(-1, features))
    h = (h.reshape(-1, length, h.shape[1]) + next(take)).reshape(h.shape)
    for _ in range((tensors - 7) // 16):
        y = normed(h)
        queries, keys, values = (split(dense(ops, take, y)) for _ in range(3))
        mixed = ops.softmax(queries @ keys.swapaxes(2, 3) / queries.shape[3] ** 0.5) @ values
        h = h + dense(ops, take, mixed.swapaxes(1, 2).reshape(h.shape))
        h = h + dense(ops, take, ops.gelu(dense(ops, take, normed(h))))
    return dense(ops, take, normed(h).reshape(-1, length, h.shape[1]).mean(1))

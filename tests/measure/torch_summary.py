#!/usr/bin/env python3
"""Prints tests/measure/torch_summary.txt: what PyTorch's modules hold and compute for one row.

Each case is a line "case INPUT MODEL", with the shape of a row and the layers as an experiment file
lists them; then a line for each layer that PyTorch has, "PATH OUTPUT PARAMETERS FIXED PRODUCTS".
The products are half of the flops that PyTorch's profiler counts."""
import torch
from torch import nn


class Skip(nn.Module):
    def __init__(self, *layers, projection=()):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.projection = nn.Sequential(*projection)


class Concat(nn.Module):
    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(nn.Sequential(*path) for path in paths)


CASES = [
    ((1, 28, 28), "[{name: linear, units: 120, bias: false}, relu, {name: linear, units: 10}]",
     [nn.Linear(784, 120, bias=False), nn.ReLU(), nn.Linear(120, 10)]),
    ((3, 17, 13), "[{name: conv2d, channels: 8, kernel_size: 3, padding: 1, stride: 2}, "
     "batch_norm, relu, {name: max_pool2d, kernel_size: 2}, {name: conv2d, channels: 5, kernel_size: 2}, "
     "tanh, {name: linear, units: 6}, layer_norm, {name: linear, units: 3}]",
     [nn.Conv2d(3, 8, 3, padding=1, stride=2), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
      nn.Conv2d(8, 5, 2), nn.Tanh(), nn.Linear(30, 6), nn.LayerNorm(6), nn.Linear(6, 3)]),
    ((7,), "[{name: residual, layers: [{name: linear, units: 9}, sigmoid, {name: residual, layers: "
     "[{name: linear, units: 9}, batch_norm]}, {name: linear, units: 7}]}, "
     "{name: linear, units: 2}]",
     [Skip(nn.Linear(7, 9), nn.Sigmoid(), Skip(nn.Linear(9, 9), nn.BatchNorm1d(9)),
           nn.Linear(9, 7)), nn.Linear(7, 2)]),
    ((4, 9, 8), "[{name: concat, paths: [[{name: conv2d, channels: 6, kernel_size: 3, groups: 2, "
     "dilation: 2, padding: 2}, {name: group_norm, num_groups: 3}], []]}, {name: residual, layers: "
     "[{name: conv2d, channels: 4, kernel_size: 3, stride: 2, padding: 1}], projection: [{name: "
     "conv2d, channels: 4, kernel_size: 1, stride: 2, bias: false}]}, {name: conv_transpose2d, "
     "channels: 6, kernel_size: 3, stride: 2, groups: 2}, {name: flatten, start_dim: 2}, {name: "
     "conv1d, channels: 4, kernel_size: 5, groups: 2}, flatten, {name: linear, units: 3}]",
     [Concat([nn.Conv2d(4, 6, 3, groups=2, dilation=2, padding=2), nn.GroupNorm(3, 6)], []),
      Skip(nn.Conv2d(10, 4, 3, stride=2, padding=1),
           projection=[nn.Conv2d(10, 4, 1, stride=2, bias=False)]),
      nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), nn.Flatten(2),
      nn.Conv1d(6, 4, 5, groups=2), nn.Flatten(), nn.Linear(380, 3)]),
    ((12,), "[{name: embedding, num_embeddings: 50, embedding_dim: 8}, {name: linear, units: 2}]",
     [nn.EmbeddingBag(50, 8), nn.Linear(8, 2)]),
]


def numbers(tensors):
    return sum(t.numel() for t in tensors)


def count_as_conv2d(layer, x, y):
    """Runs a convolution that PyTorch's profiler does not count as one of as many products: over
    pictures of height 1, or from the outputs to the inputs."""
    if isinstance(layer, nn.Conv1d):
        nn.functional.conv2d(x[:, :, None], layer.weight[:, :, None], stride=(1, *layer.stride),
                             padding=(0, *layer.padding), dilation=(1, *layer.dilation),
                             groups=layer.groups)  # fmt: skip
    if isinstance(layer, nn.ConvTranspose2d):
        nn.functional.conv2d(y, layer.weight, stride=layer.stride, padding=layer.padding,
                             dilation=layer.dilation, groups=layer.groups)  # fmt: skip


def show_all(path, layers, x):
    for i, layer in enumerate(layers):
        x = show(f"{path}.{i}", layer, x)
    return x


def show(path, layer, x):
    """Prints the layer, and those inside it first; returns its output."""
    if isinstance(layer, Skip):
        added = show_all(path + ".projection", layer.projection, x)
        return show_all(path, layer.layers, x) + added
    if isinstance(layer, Concat):
        return torch.cat([show_all(f"{path}.{k}", inner, x)
                          for k, inner in enumerate(layer.paths)], 1)  # fmt: skip
    if isinstance(layer, nn.EmbeddingBag):
        x = x.long()
    if isinstance(layer, nn.Linear):
        x = x.flatten(1)
    layer.eval()
    with torch.profiler.profile(with_flops=True) as seen:
        y = layer(x)
        count_as_conv2d(layer, x, y)
    products = sum(e.flops for e in seen.events()
                   if e.name in ("aten::addmm", "aten::mm", "aten::conv2d")) // 2
    # The counter of batches is no number of the model.
    fixed = numbers(b for b in layer.buffers() if b.is_floating_point())
    print(path, "x".join(map(str, y.shape[1:])), numbers(layer.parameters()), fixed, products)
    return y


def main():
    for shape, model, layers in CASES:
        print("case", "x".join(map(str, shape)), model)
        x = torch.zeros(1, *shape)
        for i, layer in enumerate(layers):
            x = show(str(i), layer, x)


main()

#!/usr/bin/env python3
"""Prints tests/measure/torch_summary.txt: what PyTorch's modules hold and compute for one row.

Each case is a line "case INPUT MODEL", with the shape of a row and the layers as an experiment file
lists them; then a line for each layer that PyTorch has, "PATH OUTPUT PARAMETERS FIXED PRODUCTS".
The products are half of the flops that PyTorch's profiler counts."""
import torch
from torch import nn


class Skip(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)


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
]


def numbers(tensors):
    return sum(t.numel() for t in tensors)


def show(path, layer, x):
    """Prints the layer, and those inside it first; returns its output."""
    if isinstance(layer, Skip):
        y = x
        for i, inner in enumerate(layer.layers):
            y = show(f"{path}.{i}", inner, y)
        return x + y
    if isinstance(layer, nn.Linear):
        x = x.flatten(1)
    layer.eval()
    with torch.profiler.profile(with_flops=True) as seen:
        y = layer(x)
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

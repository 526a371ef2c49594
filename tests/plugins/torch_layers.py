#!/usr/bin/python3
"""Writes tests/plugins/torch_layers/*.json: what PyTorch's layers and their gradients give.

  tests/plugins/torch_layers.py [LAYER...]

Each case has the parameters of a layer as an experiment file names them, the rows x, the gradient dy
of the outputs, and PyTorch's results in double: y, dx, and the gradient of each parameter."""
import json
import os
import sys

import torch
from torch import nn

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_layers")


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().flatten().tolist()}


def stored(module, name, t):
    """A weight as experiments store it: that of a linear layer is (inputs, outputs)."""
    return t.T if isinstance(module, nn.Linear) and name == "weight" else t


def case(name, params, layer, x, names=None):
    """`names` gives PyTorch's modules with parameters the names of our layers in the
    network of the test, whose layer 1 this is."""
    layer = layer.double()
    x = x.double().requires_grad_(x.is_floating_point())
    y = layer(x)
    dy = torch.randn(y.shape, dtype=torch.double)
    y.backward(dy)
    dx = x.grad if x.grad is not None else torch.zeros(x.shape, dtype=torch.double)
    result = {"name": name, "params": params, "x": tensor(x), "y": tensor(y), "dy": tensor(dy),
              "dx": tensor(dx)}  # fmt: skip
    for path, module in layer.named_modules():
        ours = (names or {}).get(path, "")
        for key, p in module.named_parameters(recurse=False):
            key_here = f"{ours}.{key}" if ours else key
            result[key_here] = tensor(stored(module, key, p))
            result["d" + key_here] = tensor(stored(module, key, p.grad))
    return result


def drawn(layer):
    """Norms start with scales 1 and shifts 0, which would hide errors in their use."""
    for p in layer.parameters():
        nn.init.normal_(p, std=0.7)
    return layer


class Ids(nn.Module):
    """Rows of ids, held as numbers as ours are."""

    def __init__(self, bag):
        super().__init__()
        self.bag = bag

    def forward(self, x):
        return self.bag(x.detach().long())


class Sum(nn.Module):
    def __init__(self, layers, projection):
        super().__init__()
        self.layers, self.projection = layers, projection

    def forward(self, x):
        return self.layers(x) + self.projection(x)


class Joined(nn.Module):
    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x):
        return torch.cat([path(x) for path in self.paths], 1)


def flatten():
    return [case("flatten", {}, nn.Flatten(), torch.randn(2, 2, 3, 2)),
            case("flatten", {"start_dim": 2}, nn.Flatten(2), torch.randn(2, 2, 3, 2)),
            case("flatten", {"start_dim": -3, "end_dim": 2}, nn.Flatten(-3, 2),
                 torch.randn(2, 2, 3, 2)),
            case("flatten", {}, nn.Flatten(), torch.randn(3, 4))]  # fmt: skip


def global_avg_pool2d():
    pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return [case("global_avg_pool2d", {}, pool, torch.randn(2, 3, 5, 4)),
            case("global_avg_pool2d", {}, pool, torch.randn(3, 2, 1, 1))]  # fmt: skip


def group_norm():
    return [case("group_norm", {"num_groups": 2}, drawn(nn.GroupNorm(2, 4)),
                 torch.randn(3, 4, 3, 2) + 1),
            case("group_norm", {"num_groups": 1, "eps": 0.1}, drawn(nn.GroupNorm(1, 3, eps=0.1)),
                 torch.randn(2, 3, 2, 3)),
            case("group_norm", {"num_groups": 3, "affine": False},
                 nn.GroupNorm(3, 3, affine=False), torch.randn(2, 3, 3, 3)),
            case("group_norm", {"num_groups": 3}, drawn(nn.GroupNorm(3, 12)),
                 torch.randn(3, 12))]  # fmt: skip


def conv2d():
    def one(inputs, channels, kernel, shape, **more):
        params = {"channels": channels, "kernel_size": kernel, **more}
        return case("conv2d", params, nn.Conv2d(inputs, channels, kernel, **more),
                    torch.randn(2, inputs, *shape))  # fmt: skip

    return [one(4, 6, 3, (4, 4), groups=2, padding=1),
            one(3, 6, 3, (4, 3), groups=3, bias=False),
            one(2, 3, 3, (5, 6), dilation=2, padding=2),
            one(4, 4, [3, 2], (6, 5), dilation=[1, 3], groups=4, stride=[2, 1], padding=[0, 2]),
            one(2, 2, 2, (4, 5), dilation=3, stride=2, padding=4)]  # fmt: skip


def conv1d():
    def one(shape, channels, kernel, **more):
        params = {"channels": channels, "kernel_size": kernel, **more}
        return case("conv1d", params, nn.Conv1d(shape[0], channels, kernel, **more),
                    torch.randn(3, *shape))  # fmt: skip

    flat = case("conv1d", {"channels": 2, "kernel_size": 3}, nn.Conv1d(1, 2, 3),
                torch.randn(2, 1, 7))  # fmt: skip
    for key in "x", "dx":
        flat[key]["shape"] = [2, 7]
    return [one((2, 9), 3, 4), one((4, 8), 6, 3, groups=2, padding=1, stride=2),
            one((3, 11), 3, 3, groups=3, dilation=3, padding=2, bias=False), flat]  # fmt: skip


def embedding():
    def one(count, dim, ids, **more):
        params = {"num_embeddings": count, "embedding_dim": dim, **more}
        bag = nn.EmbeddingBag(count, dim, **{"mode": "mean", **more})
        return case("embedding", params, Ids(bag), torch.tensor(ids))

    return [one(5, 3, [[0, 4, 4, 1], [2, 2, 2, 2], [3, 1, 0, 2]]),
            one(5, 3, [[0, 4, 4, 1], [2, 2, 0, 0]], mode="sum"),
            one(6, 2, [[5, 1, 0, 0], [0, 0, 0, 0], [4, 3, 3, 0], [0, 2, 0, 1]], padding_idx=0),
            one(4, 3, [[3, 1], [3, 3], [0, 2]], padding_idx=3, mode="sum")]  # fmt: skip


def residual():
    def conv(channels, kernel, **more):
        return {"name": "conv2d", "channels": channels, "kernel_size": kernel, **more}

    first = Sum(nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.Tanh(),
                              nn.Conv2d(3, 3, 1)),
                nn.Sequential(nn.Conv2d(2, 3, 1, stride=2, bias=False)))  # fmt: skip
    second = Sum(nn.Sequential(nn.Linear(5, 3), nn.Tanh()),
                 nn.Sequential(nn.Sigmoid(), nn.Linear(5, 4), nn.Linear(4, 3)))  # fmt: skip
    inner = Sum(nn.Sequential(nn.Linear(3, 3)), nn.Identity())
    third = Sum(nn.Sequential(nn.Linear(4, 3), inner), nn.Sequential(nn.Linear(4, 3)))
    return [case("residual",
                 {"layers": [conv(3, 3, stride=2, padding=1), "tanh", conv(3, 1)],
                  "projection": [conv(3, 1, stride=2, bias=False)]},
                 first, torch.randn(2, 2, 5, 6),
                 {"layers.0": "1.0", "layers.2": "1.2", "projection.0": "1.projection.0"}),
            case("residual",
                 {"layers": [{"name": "linear", "units": 3}, "tanh"],
                  "projection": ["sigmoid", {"name": "linear", "units": 4},
                                 {"name": "linear", "units": 3}]},
                 second, torch.randn(3, 5),
                 {"layers.0": "1.0", "projection.1": "1.projection.1",
                  "projection.2": "1.projection.2"}),
            case("residual",
                 {"layers": [{"name": "linear", "units": 3},
                             {"name": "residual", "layers": [{"name": "linear", "units": 3}]}],
                  "projection": [{"name": "linear", "units": 3}]},
                 third, torch.randn(3, 4),
                 {"layers.0": "1.0", "layers.1.layers.0": "1.1.0",
                  "projection.0": "1.projection.0"})]  # fmt: skip


def concat():
    def linear(units):
        return {"name": "linear", "units": units}

    pictures = Joined(nn.Sequential(nn.Conv2d(2, 3, 1)), nn.Identity(),
                      nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.Tanh()))  # fmt: skip
    flat = Joined(nn.Identity(), nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 4)), nn.Identity())
    inner = Joined(nn.Sequential(nn.Linear(3, 2)), nn.Identity())
    nested = Joined(nn.Sequential(inner, nn.Tanh()), nn.Sequential(nn.Linear(3, 2)))
    return [case("concat",
                 {"paths": [[{"name": "conv2d", "channels": 3, "kernel_size": 1}], [],
                            [{"name": "conv2d", "channels": 2, "kernel_size": 3, "padding": 1},
                             "tanh"]]},
                 pictures, torch.randn(2, 2, 4, 3), {"paths.0.0": "1.0.0", "paths.2.0": "1.2.0"}),
            case("concat", {"paths": [[], [linear(2), linear(4)], []]}, flat, torch.randn(3, 3),
                 {"paths.1.0": "1.1.0", "paths.1.1": "1.1.1"}),
            case("concat", {"paths": [[], []]}, Joined(nn.Identity(), nn.Identity()),
                 torch.randn(2, 3)),
            case("concat",
                 {"paths": [[{"name": "concat", "paths": [[linear(2)], []]}, "tanh"],
                            [linear(2)]]},
                 nested, torch.randn(3, 3),
                 {"paths.0.0.paths.0.0": "1.0.0.0.0", "paths.1.0": "1.1.0"})]  # fmt: skip


def conv_transpose2d():
    def one(inputs, channels, kernel, shape, **more):
        params = {"channels": channels, "kernel_size": kernel, **more}
        return case("conv_transpose2d", params,
                    nn.ConvTranspose2d(inputs, channels, kernel, **more),
                    torch.randn(2, inputs, *shape))  # fmt: skip

    return [one(2, 3, 3, (3, 4)), one(3, 2, 2, (3, 3), stride=2, bias=False),
            one(2, 2, 3, (4, 3), stride=2, padding=1, output_padding=1),
            one(4, 6, [3, 2], (3, 2), groups=2, stride=[1, 3], padding=[1, 0],
                output_padding=[0, 2]),
            one(2, 2, 2, (3, 3), dilation=3, output_padding=2, padding=1)]  # fmt: skip


LAYERS = [flatten, global_avg_pool2d, group_norm, conv2d, conv1d, embedding, residual, concat,
          conv_transpose2d]  # fmt: skip

for layer in LAYERS:
    if len(sys.argv) > 1 and layer.__name__ not in sys.argv[1:]:
        continue
    torch.manual_seed(17)
    with open(os.path.join(FOLDER, layer.__name__ + ".json"), "w") as file:
        json.dump({"family": "layers", "source": "PyTorch " + torch.__version__,
                   "cases": layer()}, file)  # fmt: skip
        file.write("\n")

#!/usr/bin/env python3
"""Prints tests/training/torch_training.txt: class weights, row weights, layers with rates of their
own and rates that follow a metric, computed with PyTorch in double precision.

The cases look like those of habits.py. The net is 3 inputs, 4 tanh units and 3 outputs, or 1; 7
rows, batches of 3, and the test rows are the training rows."""
import torch
from sklearn.utils.class_weight import compute_class_weight

torch.set_default_dtype(torch.float64)
X = torch.tensor([[0.1, -0.4, 0.7], [0.9, 0.2, -0.3], [-0.5, 0.6, 0.8], [0.3, -0.9, 0.4],
                  [-0.7, 0.1, -0.2], [0.8, 0.5, 0.6], [-0.1, -0.6, -0.8]])
Y = {3: torch.tensor([0, 1, 2, 2, 1, 0, 1]), 1: torch.tensor([0, 1, 1, 0, 1, 1, 0])}


def net(outputs, last=()):
    torch.manual_seed(5)
    made = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(),
                               torch.nn.Linear(4, outputs), *last)
    with torch.no_grad():
        for p in made.parameters():
            p.copy_(p.mul(1000).round().div(1000))
    return made


def linear(layer, units):
    weight, bias = layer.weight.t().tolist(), [layer.bias.tolist()]
    return ("  - {name: linear, units: %d, weight: {name: explicit, values: %s}, "
            "bias_init: {name: explicit, values: %s}}" % (units, weight, bias))


def case(name, criterion, optimizer, lines, outputs=3, last=(), extra=(), scheduler=None,
         metric="test_loss", train_loss="batches", epochs=3, y=None, data=None):
    model = net(outputs, last)
    y = Y[outputs] if y is None else y
    print("case", name)
    print("name: torch\ndtype: float64")
    print("dataset: " + (data or "{name: inline, inputs: %s, labels: %s}" %
                         (X.tolist(), y.tolist())))
    print("model:")
    print(linear(model[0], 4))
    print("  - tanh")
    print(linear(model[2], outputs))
    for layer in extra:
        print("  - " + layer)
    print("train: {batch_size: 3, epochs: %d, shuffle: false}" % epochs)
    print("evaluate: {train_loss: %s}" % train_loss)
    print("\n".join(lines))
    step = optimizer(model)
    plan = scheduler(step) if scheduler else None
    series = {"train_loss": [], "test_loss": [], "learning_rate": []}
    for _ in range(epochs):
        series["learning_rate"].append(step.param_groups[-1]["lr"])
        losses = []
        for begin in range(0, 7, 3):
            rows = slice(begin, begin + 3)
            loss = criterion(model(X[rows]), y[rows])
            if getattr(criterion, "counts", lambda _: True)(rows):
                losses.append(loss.item())
            step.zero_grad()
            loss.backward()
            step.step()
        with torch.no_grad():
            whole = criterion(model(X), y).item()
        series["train_loss"].append(whole if train_loss == "after" else sum(losses) / len(losses))
        series["test_loss"].append(whole)
        if plan:
            accuracy = (model(X).argmax(1) == y).double().mean().item()
            plan.step(accuracy if metric == "test_accuracy" else series[metric][-1])
    for key, values in series.items():
        print("expect", key, *[repr(float(v)) for v in values])


def sgd(lr=0.3, **more):
    return lambda model: torch.optim.SGD(model.parameters(), lr=lr, **more)


def groups(kind, first, second, **more):
    """An optimizer with the first layer in one group and the rest in another, the last."""
    def make(model):
        if first is None:
            for p in model[0].parameters():
                p.requires_grad = False
            return kind([{"params": model[2].parameters(), **second}], **more)
        return kind([{"params": model[0].parameters(), **first},
                     {"params": model[2].parameters(), **second}], **more)
    return make


def weighted(weights, kind=torch.nn.CrossEntropyLoss, **more):
    return kind(weight=torch.tensor(weights).double(), **more)


SGD = "optimizer: {name: sgd, lr: 0.3}"
case("weighted cross entropy", weighted([1, 0.5, 4]), sgd(),
     ["loss: cross_entropy", "class_weights: [1, 0.5, 4]", SGD])
case("weighted sum", weighted([1, 0.5, 0.25], reduction="sum"), sgd(0.05),
     ["loss: {name: cross_entropy, reduction: sum}", "class_weights: [1, 0.5, 0.25]",
      "optimizer: {name: sgd, lr: 0.05}"])
case("weighted nll after the epoch", weighted([2, 1, 3], torch.nn.NLLLoss), sgd(),
     ["loss: {name: nll, input: log_probabilities}", "class_weights: [2, 1, 3]", SGD],
     last=[torch.nn.LogSoftmax(1)], extra=["log_softmax"], train_loss="after")
BALANCED = compute_class_weight("balanced", classes=[0, 1, 2], y=Y[3].numpy()).tolist()
case("balanced", weighted(BALANCED), sgd(), ["class_weights: balanced", SGD])


def weighted_logits(z, y):
    """One output for two classes; PyTorch's own mean would divide by the number of rows."""
    w = torch.tensor([3.0, 0.5])[y]
    row = torch.nn.functional.binary_cross_entropy_with_logits(z[:, 0], y.double(),
                                                               reduction="none")
    return (w * row).sum() / w.sum()


case("one weighted output", weighted_logits, sgd(), ["class_weights: [3, 0.5]", SGD], outputs=1)

PLAIN = torch.nn.CrossEntropyLoss()
case("a frozen layer", PLAIN,
     groups(torch.optim.SGD, None, {}, lr=0.3, momentum=0.9, weight_decay=0.1),
     ["optimizer: {name: sgd, lr: 0.3, momentum: 0.9, weight_decay: 0.1}",
      "layer_updates: [{layers: [0], lr_scale: 0}]"])
case("a frozen layer of adam", PLAIN, groups(torch.optim.Adam, None, {}, lr=0.03),
     ["optimizer: {name: adam, lr: 0.03}", "layer_updates: [{layers: [0], lr_scale: 0}]"])
case("a slower layer without decay", PLAIN,
     groups(torch.optim.SGD, {"lr": 0.075, "weight_decay": 0}, {}, lr=0.3, momentum=0.9,
            weight_decay=0.1),
     ["optimizer: {name: sgd, lr: 0.3, momentum: 0.9, weight_decay: 0.1}",
      "layer_updates: [{layers: [0], lr_scale: 0.25, weight_decay: 0}]"])
case("two rates of adamw", PLAIN,
     groups(torch.optim.AdamW, {"lr": 0.125, "weight_decay": 0.5}, {}, lr=0.0625,
            weight_decay=0.01),
     ["optimizer: {name: adamw, lr: 0.0625, weight_decay: 0.01}",
      "layer_updates: [{layers: [2], lr_scale: 1}, {layers: [0], lr_scale: 2, weight_decay: 0.5}]"])


def plateau(**more):
    return lambda step: torch.optim.lr_scheduler.ReduceLROnPlateau(step, **more)


FAST = "optimizer: {name: sgd, lr: 2, momentum: 0.9}"
case("a plateau", PLAIN, sgd(2, momentum=0.9),
     [FAST, "reduce_on_plateau: {factor: 0.5, patience: 1}"], epochs=16,
     scheduler=plateau(factor=0.5, patience=1))
case("a plateau with a pause and a floor", PLAIN, sgd(2, momentum=0.9),
     [FAST, "reduce_on_plateau: {factor: 0.3, patience: 0, cooldown: 2, min_lr: 0.1, "
      "threshold: 0.2}"], epochs=16,
     scheduler=plateau(factor=0.3, patience=0, cooldown=2, min_lr=0.1, threshold=0.2))
case("a plateau of the accuracy", PLAIN, sgd(0.1),
     ["optimizer: {name: sgd, lr: 0.1}",
      "reduce_on_plateau: {metric: test_accuracy, factor: 0.1, patience: 2, threshold: 0.05, "
      "threshold_mode: abs}"], epochs=16, metric="test_accuracy",
     scheduler=plateau(mode="max", factor=0.1, patience=2, threshold=0.05, threshold_mode="abs"))


# Rows that count more or less, of tests/training/row_weights.csv.
WEIGHTS = {"weight": torch.tensor([2, 0.5, 0, 1, 3, 0.25, 1.5]),
           "idle": torch.tensor([2, 0.5, 0.75, 0, 0, 0, 1.5])}  # the second batch does not count
PRICES = torch.tensor([0.5, -1.25, 2, 0.75, -0.5, 1.5, 0.25])


def by_rows(column, row_losses, classes=None, mean=True):
    """Of outputs and the indices of their rows: sum of weight times loss / sum of weights."""
    def criterion(z, rows):
        w = WEIGHTS[column][rows]
        if classes is not None:
            w = w * torch.tensor(classes).double()[Y[3][rows]]
        total = (w * row_losses(z, rows)).sum()
        return total / w.sum() if mean and w.sum() > 0 else total
    criterion.counts = lambda rows: WEIGHTS[column][rows].sum() > 0
    return criterion


def cross_entropies(z, rows):
    return torch.nn.functional.cross_entropy(z, Y[3][rows], reduction="none")


def squares(z, rows):
    return torch.nn.functional.mse_loss(z[:, 0], PRICES[rows], reduction="none")


def logit_losses(z, rows):
    return torch.nn.functional.binary_cross_entropy_with_logits(
        z[:, 0], Y[1][rows].double(), reduction="none")


def row_case(name, criterion, target, lines, column="weight", outputs=3, **more):
    data = ("{name: csv, train: tests/training/row_weights.csv, test: "
            "tests/training/row_weights.csv, target: %s, columns: [a, b, c], row_weight: %s}")
    case(name, criterion, sgd(), lines + [SGD], outputs=outputs, y=torch.arange(7),
         data=data % (target, column), **more)


row_case("row weights", by_rows("weight", cross_entropies), "kind", ["loss: cross_entropy"])
row_case("row weights after the epoch", by_rows("weight", cross_entropies), "kind",
         ["loss: cross_entropy"], train_loss="after")
row_case("a sum of row weights", by_rows("weight", cross_entropies, mean=False), "kind",
         ["loss: {name: cross_entropy, reduction: sum}"])
row_case("row and class weights", by_rows("weight", cross_entropies, classes=[1, 0.5, 4]), "kind",
         ["loss: cross_entropy", "class_weights: [1, 0.5, 4]"])
row_case("row weights of numbers", by_rows("weight", squares), "price", ["loss: mse"], outputs=1)
row_case("row weights of one output", by_rows("weight", logit_losses), "flag",
         ["loss: bce_with_logits"], outputs=1)
row_case("a batch that does not count", by_rows("idle", cross_entropies), "kind",
         ["loss: cross_entropy"], column="idle")

#!/usr/bin/env python3
"""Prints tests/training/habits.txt: what notebooks do beyond plain training, computed with NumPy.

Each case is a line "case NAME", the lines of its experiment file, and "expect METRIC VALUE...", one
value an epoch. The net is 3 inputs, 4 tanh units, 1 to 3 outputs; 7 rows, batches of 3."""
import numpy as np

X = np.array([[0.1, -0.4, 0.7], [0.9, 0.2, -0.3], [-0.5, 0.6, 0.8], [0.3, -0.9, 0.4],
              [-0.7, 0.1, -0.2], [0.8, 0.5, 0.6], [-0.1, -0.6, -0.8]])
CLASSES = {1: np.array([0, 1, 1, 0, 1, 1, 0]), 2: np.array([0, 1, 1, 0, 1, 1, 0]),
           3: np.array([0, 1, 2, 2, 1, 0, 1])}


def weights(out):
    draw = np.random.RandomState(7)
    return [np.round(draw.randn(3, 4) * 0.6, 3), np.round(draw.randn(1, 4) * 0.3, 3),
            np.round(draw.randn(4, out) * 0.7, 3), np.round(draw.randn(1, out) * 0.2, 3)]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def target(y, out):
    return y.reshape(-1, 1).astype(float) if out == 1 else np.eye(out)[y]


# name: (outputs z, targets) -> the loss of each row; and the derivative of their sum.
LOSSES = {
    "cross_entropy": (lambda z, t: -(t * np.log(softmax(z))).sum(1), lambda z, t: softmax(z) - t),
    "bce_with_logits": (lambda z, t: -(t * np.log(sigmoid(z)) +
                                       (1 - t) * np.log(1 - sigmoid(z))).mean(1),
                        lambda z, t: (sigmoid(z) - t) / z.shape[1]),
    "mse": (lambda z, t: ((z - t) ** 2).mean(1), lambda z, t: 2 * (z - t) / z.shape[1]),
    "half_mse": (lambda z, t: ((z - t) ** 2).sum(1) / 2, lambda z, t: z - t),
}


def case(name, out=3, loss="cross_entropy", total=False, penalties=(), train_loss="batches",
         share_bias=False, shown=None, decay=None, per="step", aim=False, sigmoid_last=False,
         metrics="", rows=slice(0, 7)):
    x, y = X[rows], CLASSES[3 if aim else out][rows]
    out = 3 if aim else out
    t = x if aim else target(y, out)
    w = weights(out)
    first = [v.tolist() for v in w]
    value, slope = LOSSES[loss]
    shown_value = LOSSES[shown or loss][0]

    def forward(x):
        h = np.tanh(x @ w[0] + w[1])
        z = h @ w[2] + w[3]
        return h, sigmoid(z) if sigmoid_last else z

    def share(p, count):
        return 1 / count if p.get("per_row") else 1

    def concerned(p):
        return [i for i in range(4) if (p.get("parameters") == "all" or i % 2 == 0) and
                (not p.get("layers") or 2 * (i // 2) in p["layers"])]

    def penalty(count, test):
        least = ("both",) if test else ("train", "both")
        return sum(share(p, count) * sum(p.get("l2", 0) / 2 * (w[i] ** 2).sum() +
                                         p.get("l1", 0) * np.abs(w[i]).sum()
                                         for i in concerned(p))
                   for p in penalties if p.get("shown", "train") in least)

    def measure(x, t, test=False):
        z = forward(x)[1]
        rows_ = shown_value(z, t)
        return ((rows_.sum() if total else rows_.mean()) + penalty(len(x), test), right(z, t))

    def right(z, t):
        if aim:
            return 0
        if out == 1:
            edge = 0 if loss == "bce_with_logits" else 0.5
            return ((z > edge) == (t > 0.5)).mean()
        return (z.argmax(1) == t.argmax(1)).mean()

    series = {"train_loss": [], "train_accuracy": [], "test_loss": [], "test_accuracy": []}
    step = 0
    for epoch in range(3):
        seen = []
        for begin in range(0, len(x), 3):
            a, b = x[begin:begin + 3], t[begin:begin + 3]
            seen.append((*measure(a, b), len(a)))
            h, z = forward(a)
            dz = slope(z, b) / (1 if total else len(a))
            if sigmoid_last:
                dz = dz * z * (1 - z)
            dh = dz @ w[2].T * (1 - h ** 2)
            g = [a.T @ dh, dh.sum(0, keepdims=True), h.T @ dz, dz.sum(0, keepdims=True)]
            if share_bias:
                g[1], g[3] = np.full_like(g[1], g[1].sum()), np.full_like(g[3], g[3].sum())
            for p in penalties:
                if p.get("trained", True):
                    for i in concerned(p):
                        g[i] = g[i] + share(p, len(a)) * (p.get("l2", 0) * w[i] +
                                                          p.get("l1", 0) * np.sign(w[i]))
            rate = 0.3 / (1 + (decay or 0) * (step if per == "step" else epoch))
            step += 1
            for i in range(4):
                w[i] = w[i] - rate * g[i]
        counts = np.array([s[2] for s in seen])
        if train_loss == "after":
            loss_, accuracy = measure(x, t)
        else:
            by = counts if train_loss == "rows" else np.ones(len(seen))
            loss_ = sum(s[0] * b for s, b in zip(seen, by)) / by.sum()
            accuracy = sum(s[1] * b for s, b in zip(seen, by)) / by.sum()
        series["train_loss"].append(loss_)
        series["train_accuracy"].append(accuracy)
        # The test rows are the training rows.
        loss_, accuracy = measure(x, t, True)
        series["test_loss"].append(loss_)
        series["test_accuracy"].append(accuracy)

    print("case", name)
    print("name: habit\ndtype: float64")
    print("dataset: {name: inline, inputs: %s, labels: %s}" % (x.tolist(), y.tolist()))
    if aim:
        print("targets: inputs")
    print("model:")
    print("  - {name: linear, units: 4, weight: {name: explicit, values: %s}, "
          "bias_init: {name: explicit, values: %s}}" % (first[0], first[1]))
    print("  - tanh")
    print("  - {name: linear, units: %d, weight: {name: explicit, values: %s}, "
          "bias_init: {name: explicit, values: %s}}" % (out, first[2], first[3]))
    if sigmoid_last:
        print("  - sigmoid")
    print("loss: {name: %s%s}" % (loss, ", reduction: sum" if total else ""))
    if shown:
        print("shown_loss:", shown)
    if penalties:
        print("penalties:", [dict(p) for p in penalties].__repr__().replace("'", "").replace(
            "True", "true").replace("False", "false"))
    print("optimizer: {name: sgd, lr: 0.3}")
    if decay:
        print("schedule: {name: inverse_time, decay: %s, per: %s}" % (decay, per))
    print("train: {batch_size: 3, epochs: 3, shuffle: false%s}" %
          (", share_bias_gradients: true" if share_bias else ""))
    print("evaluate: {train_loss: %s}" % train_loss)
    if metrics:
        print("metrics:", metrics)
    for metric, values in series.items():
        if not (aim and metric.endswith("accuracy")):
            print("expect", metric, *[repr(float(v)) for v in values])


case("plain")
case("batches by rows", train_loss="rows")
case("after the epoch", train_loss="after")
case("l2 on weights, shown in both", penalties=[{"l2": 0.1, "shown": "both"}])
case("l2 that is not shown", penalties=[{"l2": 0.1, "shown": "none"}])
case("l2 that is only shown", penalties=[{"l2": 0.1, "trained": False, "shown": "both"}])
case("l1 on all", penalties=[{"l1": 0.05, "parameters": "all"}])
case("l2 per row, by rows", penalties=[{"l2": 0.7, "per_row": True}], train_loss="rows")
case("per layer, after", train_loss="after",
     penalties=[{"l2": 0.2, "layers": [0]}, {"l1": 0.1, "l2": 0.05, "layers": [2],
                                             "parameters": "all"}])
case("one sigmoid output, bce_with_logits", out=1, loss="bce_with_logits", train_loss="rows")
case("one sigmoid output, mse", out=1, loss="mse", sigmoid_last=True)
case("two outputs", out=2, loss="mse", sigmoid_last=True)
case("half_mse as a sum", loss="half_mse", total=True)
case("shared bias gradients", share_bias=True)
case("a loss that is only shown", shown="mse")
case("decay per step", decay=0.5)
case("decay per epoch", decay=0.5, per="epoch")
case("autoencoder", aim=True, loss="mse", train_loss="rows")


def teaching_spirals():
    """A course's linear classifier: data and weights come from one stream."""
    np.random.seed(0)
    x, y = np.zeros((300, 2)), np.zeros(300, dtype=int)
    for j in range(3):
        r = np.linspace(0.0, 1, 100)
        t = np.linspace(j * 4, (j + 1) * 4, 100) + np.random.randn(100) * 0.2
        x[100 * j:100 * (j + 1)] = np.c_[r * np.sin(t), r * np.cos(t)]
        y[100 * j:100 * (j + 1)] = j
    w, b = 0.01 * np.random.randn(2, 3), np.zeros((1, 3))
    losses = []
    for _ in range(3):
        p = softmax(x @ w + b)
        losses.append(-np.log(p[np.arange(300), y]).mean() + 0.5 * 1e-3 * (w * w).sum())
        d = (p - np.eye(3)[y]) / 300
        w, b = w - (x.T @ d + 1e-3 * w), b - d.sum(0, keepdims=True)
    print("case teaching spirals\nname: habit\ndtype: float64\nrng: numpy")
    print("dataset: teaching_spirals\nskip_draws: [{draw: normal, count: 100, times: 3}]")
    print("model: [{name: linear, units: 3, weight: {name: normal, std: 0.01}, bias_init: zeros}]")
    print("loss: cross_entropy\npenalties: [{l2: 0.001}]\noptimizer: {name: sgd, lr: 1}")
    print("train: {batch_size: 300, epochs: 3, shuffle: false}")
    print("expect train_loss", *[repr(float(v)) for v in losses])


teaching_spirals()

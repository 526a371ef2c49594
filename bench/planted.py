#!/usr/bin/env python3
"""Plants mistakes in experiments and counts those that `investigate` finds.

planted.py [--budget 600] [--only TEXT] [--seed N]. A "notebook" is one run of an experiment with other values
than its file says, under a seed of its own; investigate sees the file and the printed figures. A mistake is
found if a hypothesis with exactly these values fits; of a pair it is "one" if one of the two fits alone and the
pair is not among what fits. Small nets take about a minute each on two cores; the bundled experiments, which
need MNIST, ten.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
PROGRAM = os.path.join(ROOT, "bazel-bin/experiments/run")
NETS = {
    "iris_net": """dataset: iris
split: {test_fraction: 0.2, permutation: numpy}
standardise: true
model:
  - {name: linear, units: 16, weight: xavier_normal}
  - tanh
  - {name: linear, units: 3, weight: xavier_normal}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.2}
train: {batch_size: 16, epochs: 40}
evaluate: {split: test}
""",
    "wine_net": """dataset: wine
split: {test_fraction: 0.25, permutation: numpy, seed: 42}
standardise: true
model: [{name: linear, units: 16}, relu, {name: linear, units: 16}, relu, {name: linear, units: 3}]
loss: cross_entropy
optimizer: {name: adam, lr: 0.005}
train: {batch_size: 16, epochs: 20}
evaluate: {split: both}
""",
    "cancer_net": """dataset: breast_cancer
split: {test_fraction: 0.2, permutation: numpy}
standardise: true
model:
  - {name: linear, units: 8, weight: he_normal, bias_init: zeros}
  - relu
  - {name: linear, units: 2, weight: he_normal, bias_init: zeros}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.02, momentum: 0.9}
train: {batch_size: 32, epochs: 15}
evaluate: {split: test}
""",
    "digits_net": """dataset: {name: digits8x8, scale: 16}
split: {test_fraction: 0.25, permutation: numpy, seed: 1}
model:
  - {name: linear, units: 32, weight: xavier_normal}
  - sigmoid
  - {name: linear, units: 10, weight: xavier_normal}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.5}
train: {batch_size: 32, epochs: 12}
evaluate: {split: test}
""",
    "moons_net": """dataset: {name: moons, points: 400, noise: 0.2}
split: {test_fraction: 0.25, permutation: numpy}
model:
  - {name: linear, units: 16, weight: {name: scaled_randn, scale: 0.1}, bias_init: zeros}
  - tanh
  - {name: linear, units: 2, weight: {name: scaled_randn, scale: 0.1}, bias_init: zeros}
loss: cross_entropy
optimizer: {name: sgd, lr: 1}
train: {batch_size: 300, epochs: 200, shuffle: false}
evaluate: {split: test}
""",
    "diabetes_net": """dataset: diabetes
split: {test_fraction: 0.2, permutation: numpy}
standardise: true
standardise_targets: true
model: [{name: linear, units: 8}, tanh, {name: linear, units: 1}]
loss: mse
optimizer: {name: adam, lr: 0.01}
train: {batch_size: 32, epochs: 10}
evaluate: {split: test}
""",
}
# Experiment: the metrics that it prints, at which epochs, with how many digits after the point.
PRINTED = {
    "iris_net": (["train_loss", "test_accuracy"], list(range(4, 41, 4)), 4),
    "wine_net": (["train_loss", "train_accuracy", "test_accuracy"], list(range(1, 21)), 4),
    "cancer_net": (["train_loss", "test_loss", "test_accuracy"], list(range(1, 16)), 4),
    "digits_net": (["train_loss", "test_accuracy"], list(range(1, 13)), 4),
    "moons_net": (["train_loss", "test_accuracy"], [1, *range(20, 201, 20)], 4),
    "diabetes_net": (["train_loss", "test_loss"], list(range(1, 11)), 4),
    "mnist_softmax_mse": (["train_loss", "test_accuracy"], list(range(1, 11)), 3),
    "mnist_3layer": (["train_loss", "test_accuracy"], list(range(1, 11)), 4),
    "mnist_linear_stack": (["train_loss", "train_accuracy"], list(range(1, 21)), 3),
}
WEIGHTS = "model.0.weight, model.2.weight"
BIASES = "model.0.bias_init, model.2.bias_init"
PLANTED = [  # keys with a comma change together, as in a grid
    ("iris_net", {"optimizer.lr": "0.1"}),
    ("iris_net", {"optimizer.lr": "0.4"}),
    ("iris_net", {"train.batch_size": "8"}),
    ("iris_net", {"train.batch_size": "32"}),
    ("iris_net", {"standardise": "false"}),
    ("iris_net", {"model.1": "sigmoid"}),
    ("iris_net", {WEIGHTS: "randn"}),
    ("iris_net", {"train.shuffle": "false"}),
    ("iris_net", {"loss.reduction": "sum"}),
    ("iris_net", {"optimizer.momentum": "0.9"}),
    ("mnist_softmax_mse", {"optimizer.lr": "0.005"}),
    ("mnist_softmax_mse", {"train.batch_size": "32"}),
    ("mnist_softmax_mse", {"train.rows_per_epoch": "20000"}),
    ("mnist_softmax_mse", {"dataset.scale": "1"}),
    ("mnist_3layer", {"optimizer.lr": "0.002"}),
    ("mnist_3layer", {"train.batch_size": "50"}),
    ("mnist_3layer", {WEIGHTS: "he_normal"}),
    ("mnist_linear_stack", {"optimizer.lr": "0.002"}),
    ("mnist_linear_stack", {"train.batch_size": "64"}),
    ("mnist_linear_stack", {"optimizer.momentum": "0.9"}),
    ("iris_net", {"optimizer.lr": "0.1", "model.1": "relu"}),
    ("iris_net", {"standardise": "false", "train.batch_size": "32"}),
    ("iris_net", {"loss.reduction": "sum", "train.shuffle": "false"}),
    ("iris_net", {"optimizer.lr": "0.02", WEIGHTS: "randn"}),
    ("mnist_softmax_mse", {"optimizer.lr": "0.005", "train.rows_per_epoch": "20000"}),
    ("mnist_softmax_mse", {"train.batch_size": "32", "loss.reduction": "mean"}),
    ("mnist_3layer", {"optimizer.lr": "0.002", "train.batch_size": "50"}),
    ("mnist_3layer", {"optimizer.lr": "0.01", WEIGHTS: "he_normal"}),
    ("iris_net", {"optimizer": "{name: adam, lr: 0.01}"}),
    ("iris_net", {"model.1": "leaky_relu"}),
    ("iris_net", {"loss.label_smoothing": "0.1"}),
    ("iris_net", {"model.0.units": "64"}),
    ("iris_net", {"train.batch_size": "120"}),
    ("wine_net", {"model.1, model.3": "sigmoid"}),
    ("wine_net", {"train.rows_per_epoch": "66"}),
    ("wine_net", {"evaluate.train_loss": "after"}),
    ("cancer_net", {"optimizer.momentum": "0"}),
    ("cancer_net", {BIASES: "randn"}),
    ("digits_net", {"dataset.scale": "1"}),
    ("digits_net", {"train.rows_per_epoch": "500"}),
    ("digits_net", {"model.0.bias, model.2.bias": "false"}),
    ("moons_net", {WEIGHTS: "randn"}),
    ("diabetes_net", {"optimizer.lr": "0.001"}),
    ("iris_net", {"optimizer.lr": "0.05", "train.batch_size": "8"}),
    ("iris_net", {"model.1": "sigmoid", "optimizer.momentum": "0.9"}),
    ("iris_net", {"train.shuffle": "false", "model.1": "relu"}),
    ("iris_net", {"train.batch_size": "120", WEIGHTS: "randn"}),
    ("wine_net", {"model.1, model.3": "tanh", "train.batch_size": "32"}),
    ("wine_net", {"optimizer.lr": "0.001", "train.batch_size": "4"}),
    ("cancer_net", {"optimizer.momentum": "0.5", "model.1": "tanh"}),
    ("cancer_net", {WEIGHTS: "randn", "optimizer.lr": "0.01"}),
    ("digits_net", {"optimizer.lr": "0.1", "train.batch_size": "16"}),
    ("digits_net", {"model.1": "tanh", "dataset.scale": "255"}),
    ("moons_net", {"model.1": "relu", WEIGHTS: "{name: scaled_randn, scale: 0.01}"}),
    ("diabetes_net", {"train.batch_size": "8", "model.0.units": "32"}),
]


def run(words, folder):
    done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"planted.py: {' '.join(words)}: {done.stderr}")
    return done.stdout


def spread(changes):
    return {key.strip(): value for keys, value in changes.items() for key in keys.split(",")}


def assignments(changes):
    return [f"{key}={value}" for key, value in spread(changes).items()]


def print_figures(file, name, changes, seed, folder):
    """Trains the notebook; returns what stands under reference: in its file."""
    run([file, *assignments(changes), f"seed={seed}", "--quiet", "--out", "notebook"], folder)
    with open(os.path.join(folder, "notebook/metrics.jsonl"), encoding="utf-8") as lines:
        rows = {row["epoch"]: row for row in map(json.loads, lines)}
    metrics, epochs, digits = PRINTED[name]
    lists = []
    for metric in metrics:
        printed = ", ".join(f"{rows[epoch][metric]:.{digits}f}" for epoch in epochs)
        lists.append(f"{{metric: {metric}, epochs: {epochs}, printed: [{printed}]}}")
    return f"[{', '.join(lists)}]"


def investigate(name, changes, seed, budget):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(ROOT, "experiments", name + ".yaml")
        if name in NETS:
            file = os.path.join(folder, name + ".yaml")
            with open(file, "w", encoding="utf-8") as out:
                out.write(f"name: {name}\n{NETS[name]}")
        reference = print_figures(file, name, changes, seed, folder)
        begin = time.time()
        words = ["investigate", file, f"reference={reference}", "--json", "--budget", str(budget)]
        result = json.loads(run(words, folder))
        seconds = time.time() - begin
    fits = [one for one in result["hypotheses"] if one.get("fits")]
    planted = spread(changes)
    places = [i for i, one in enumerate(fits, 1) if one["settings"] == planted]
    halves = any(one["settings"] and one["settings"].items() < planted.items() for one in fits)
    answer = f"place {places[0]} of {len(fits)}" if places else "one alone" if halves else "missed"
    first = fits[0]["name"] if fits else "nothing"
    print(
        f"{name}: {', '.join(assignments(changes))}: {answer}, first: {first}, "
        f"as written p = {result['as_written']['p']:.3g}, {seconds:.0f} s",
        flush=True,
    )
    return answer.split()[0]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--budget", type=int, default=600)
    options.add_argument("--only", default="")
    options.add_argument("--seed", type=int, default=1234567)
    given = options.parse_args()
    subprocess.run(["bazel", "build", "//experiments:run"], cwd=ROOT, check=True)
    answers = {1: [], 2: []}
    for number, (name, changes) in enumerate(PLANTED):
        if given.only in f"{name} {changes}":
            answers[len(changes)].append(investigate(name, changes, given.seed + number, given.budget))
    for size, given_answers in answers.items():
        counts = ", ".join(f"{given_answers.count(a)} {a}" for a in ("place", "one", "missed"))
        print(f"{size} planted: of {len(given_answers)}, {counts}")


if __name__ == "__main__":
    main()

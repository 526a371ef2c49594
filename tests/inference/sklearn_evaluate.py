#!/usr/bin/env python3
"""Prints tests/inference/sklearn_evaluate.txt: metrics of given weights on new rows.

Each case is a line "case NAME", the lines of the experiment up to "train", those of the file of
training rows up to "rows", those of the file of new rows up to "expect", and a line for each
metric: "NAME VALUE", or "confusion COUNT...". The learning rate is 0."""
import numpy as np
from sklearn import metrics
from sklearn.preprocessing import OneHotEncoder, StandardScaler

draw = np.random.RandomState(17)
CITIES = ["Bern", "Oslo", "Rome"]


def table(rows):
    """Sizes, cities, and what follows from them with some noise."""
    size = np.round(draw.uniform(-3, 9, rows), 2)
    city = draw.choice(CITIES, rows)
    price = np.round(40 + 7 * size + 11 * (city == "Oslo") + 5 * draw.randn(rows), 1)
    kind = np.where(price + 25 * draw.randn(rows) < 50, "small",
                    np.where(city == "Rome", "far", "tall"))
    return size, city, price, kind


def lines(header, columns):
    return [header] + [",".join(map(str, row)) for row in zip(*columns)]


def inputs(size, city, coder):
    return np.hstack([size.reshape(-1, 1), coder.transform(city.reshape(-1, 1))])


def yaml(matrix):
    rows = ["[" + ", ".join(repr(float(x)) for x in row) + "]" for row in matrix]
    return "[" + ", ".join(rows) + "]"


def experiment(target, outputs, loss, more):
    weight = np.round(draw.randn(4, outputs), 3)
    bias = np.round(draw.randn(1, outputs), 3)
    text = [
        "name: given", "dtype: float64",
        f"dataset: {{name: csv, train: train.csv, target: {target}, ignore: [id]}}",
        "standardise: true", f"model: [{{name: linear, units: {outputs}, weight: {{name: explicit, "
        f"values: {yaml(weight)}}}, bias_init: {{name: explicit, values: {yaml(bias)}}}}}]",
        f"loss: {loss}", "optimizer: {name: sgd, lr: 0}", "train: {epochs: 1}"] + more
    return text, weight, bias


def show(name, text, train, new, expected):
    print(f"case {name}", *text, "train", *train, "rows", *new, "expect", *expected, sep="\n")


def main():
    train, new = table(40), table(25)
    coder = OneHotEncoder(sparse_output=False).fit(train[1].reshape(-1, 1))
    scaler = StandardScaler().fit(inputs(train[0], train[1], coder))
    x = scaler.transform(inputs(new[0], new[1], coder))

    text, weight, bias = experiment("kind", 3, "cross_entropy", [])
    z = x @ weight + bias
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    classes = sorted(set(train[3]))
    truth = np.array([classes.index(k) for k in new[3]])
    seen = p.argmax(1)
    macro = metrics.precision_recall_fscore_support(truth, seen, average="macro", zero_division=0)
    expected = [
        f"loss {float(metrics.log_loss(truth, p))!r}",
        f"accuracy {float(metrics.accuracy_score(truth, seen))!r}",
        f"precision {float(macro[0])!r}", f"recall {float(macro[1])!r}", f"f1 {float(macro[2])!r}",
        f"brier {float(np.mean(((p - np.eye(3)[truth]) ** 2).sum(1)))!r}",
        "confusion " + " ".join(map(str, metrics.confusion_matrix(truth, seen).flatten()))]
    # Other columns, in another order.
    show("classes", text, lines("id,size,city,kind", [range(40), train[0], train[1], train[3]]),
         lines("kind,extra,city,size", [new[3], range(25), new[1], new[0]]), expected)

    text, weight, bias = experiment("price", 1, "mse", ["standardise_targets: true"])
    scale = StandardScaler().fit(train[2].reshape(-1, 1))
    z = x @ weight + bias
    seen = scale.inverse_transform(z)[:, 0]
    values = new[2]
    expected = [
        f"loss {float(metrics.mean_squared_error(scale.transform(values.reshape(-1, 1)), z))!r}",
        f"mae {float(metrics.mean_absolute_error(values, seen))!r}",
        f"rmse {float(np.sqrt(metrics.mean_squared_error(values, seen)))!r}",
        f"r2 {float(metrics.r2_score(values, seen))!r}"]
    show("numbers", text, lines("id,size,city,price", [range(40), train[0], train[1], train[2]]),
         lines("city,price,size", [new[1], new[2], new[0]]), expected)
    weighted(train, new, x, truth)


def weighted(train, new, x, truth):
    """Weights of rows are those of the loss; with weights of classes they are multiplied."""
    weights = np.round(draw.uniform(0, 3, 40), 2), np.round(draw.uniform(0, 3, 25), 2)
    for name, classes in [("row weights", None), ("row and class weights", [1, 0.5, 4])]:
        more = [] if classes is None else [f"class_weights: {classes}"]
        text, weight, bias = experiment("kind", 3, "cross_entropy", more)
        text[2] = text[2].replace("ignore: [id]", "ignore: [id], row_weight: w")
        z = x @ weight + bias
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        w = weights[1] * (1 if classes is None else np.array(classes)[truth])
        expected = [f"loss {float(metrics.log_loss(truth, p, sample_weight=w))!r}",
                    f"accuracy {float(metrics.accuracy_score(truth, p.argmax(1)))!r}"]
        show(name, text,
             lines("id,size,city,kind,w", [range(40), train[0], train[1], train[3], weights[0]]),
             lines("w,kind,city,size", [weights[1], new[3], new[1], new[0]]), expected)


main()

"""What scikit-learn's multilayer perceptrons reach on the experiments of sklearn_mlp_test.cc.

The same rows, split, standardisation, layers, loss, optimizer, batches and epochs, with many seeds.
Prints the numbers that the test holds: python3 tests/training/sklearn_mlp.py
"""
import csv
import gzip
import warnings

import numpy
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEEDS = range(20)
COMMON = dict(solver="adam", alpha=0, tol=0, n_iter_no_change=1000)


def show(name, values):
    values = numpy.array(values)
    print(f"{name}: mean {values.mean():.5f}, min {values.min():.5f}, max {values.max():.5f}")


def classes(name, rows, units, rate, batch, epochs):
    """Classification of rows (x, y): of the table's standardised inputs."""
    a, b, ya, yb = rows
    accuracy, loss = [], []
    for seed in SEEDS:
        net = MLPClassifier((units,), activation="relu", learning_rate_init=rate, batch_size=batch,
                            max_iter=epochs, random_state=seed, **COMMON)
        model = make_pipeline(StandardScaler(), net).fit(a, ya)
        accuracy.append(model.score(b, yb))
        loss.append(log_loss(yb, model.predict_proba(b)))
    show(name + " accuracy", accuracy)
    show(name + " loss", loss)


def carried(load):
    x, y = load(return_X_y=True)
    return train_test_split(x, y, test_size=0.2, random_state=0)


def passengers():
    """One input for each word, the mean of the training rows for a missing number, and an input that
    marks what is missing in a column that misses any."""
    with gzip.open("framework/plugin/tables/passengers.csv.gz", "rt") as file:
        _, *rows = csv.reader(file)
    train, test = train_test_split(numpy.arange(len(rows)), test_size=0.2, random_state=0)
    columns = []
    for values in zip(*(row[:-1] for row in rows)):
        known = [value for value in values if value]
        if known[0].replace(".", "").isdigit():
            numbers = numpy.array([float(value or "nan") for value in values])
            numbers[numpy.isnan(numbers)] = numpy.nanmean(numbers[train])
            columns.append(numbers)
        else:
            columns += [[value == word for value in values] for word in sorted(set(known))]
        if len(known) < len(values):
            columns.append([not value for value in values])
    x = numpy.array(columns, float).T
    y = numpy.array([row[-1] for row in rows])
    return x[train], x[test], y[train], y[test]


def diabetes():
    a, b, ya, yb = carried(datasets.load_diabetes)
    mae, rmse, r2 = [], [], []
    for seed in SEEDS:
        net = MLPRegressor((8,), activation="tanh", learning_rate_init=0.01, batch_size=32,
                           max_iter=10, random_state=seed, **COMMON)
        model = TransformedTargetRegressor(make_pipeline(StandardScaler(), net),
                                           transformer=StandardScaler()).fit(a, ya)
        p = model.predict(b)
        mae.append(mean_absolute_error(yb, p))
        rmse.append(mean_squared_error(yb, p) ** 0.5)
        r2.append(r2_score(yb, p))
    show("diabetes mae", mae)
    show("diabetes rmse", rmse)
    show("diabetes r2", r2)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    classes("iris", carried(datasets.load_iris), 16, 0.01, 16, 50)
    classes("wine", carried(datasets.load_wine), 16, 0.01, 16, 20)
    classes("breast_cancer", carried(datasets.load_breast_cancer), 16, 0.005, 32, 20)
    classes("digits8x8", carried(datasets.load_digits), 32, 0.005, 64, 15)
    classes("passengers", passengers(), 16, 0.005, 32, 20)
    diabetes()

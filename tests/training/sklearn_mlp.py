"""What scikit-learn's multilayer perceptrons reach on the bundled iris.yaml and diabetes.yaml.

The same split, standardisation, layers, loss, optimizer, batches and epochs, with many seeds. Prints
the numbers that sklearn_mlp_test.cc holds: python3 tests/training/sklearn_mlp.py
"""
import warnings

import numpy
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEEDS = range(20)
COMMON = dict(solver="adam", alpha=0, learning_rate_init=0.01, tol=0, n_iter_no_change=1000)


def show(name, values):
    values = numpy.array(values)
    print(f"{name}: mean {values.mean():.5f}, min {values.min():.5f}, max {values.max():.5f}")


def iris():
    x, y = load_iris(return_X_y=True)
    a, b, ya, yb = train_test_split(x, y, test_size=0.2, random_state=0)
    accuracy, loss = [], []
    for seed in SEEDS:
        net = MLPClassifier((16,), activation="relu", batch_size=16, max_iter=50, random_state=seed,
                            **COMMON)
        model = make_pipeline(StandardScaler(), net).fit(a, ya)
        accuracy.append(model.score(b, yb))
        loss.append(log_loss(yb, model.predict_proba(b)))
    show("iris accuracy", accuracy)
    show("iris loss", loss)


def diabetes():
    x, y = load_diabetes(return_X_y=True)
    a, b, ya, yb = train_test_split(x, y, test_size=0.2, random_state=0)
    mae, rmse, r2 = [], [], []
    for seed in SEEDS:
        net = MLPRegressor((8,), activation="tanh", batch_size=32, max_iter=10, random_state=seed,
                           **COMMON)
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
    iris()
    diabetes()

import numpy as np
from sklearn.datasets import load_wine

X, y = load_wine(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
T = np.eye(3)[y]

def learn(units, rate, rounds=60):
    np.random.seed(4)
    A = np.random.randn(13, units) * 0.3
    B = np.random.randn(units, 3) * 0.3
    for epoch in range(rounds):
        h = np.tanh(X @ A)
        e = np.exp(h @ B)
        p = e / e.sum(axis=1, keepdims=True)
        d = (p - T) / len(X)
        dA = X.T @ ((d @ B.T) * (1 - h ** 2))
        B -= rate * h.T @ d
        A -= rate * dA
        if epoch % 20 == 0:
            print("epoch", epoch, "loss", round(-np.mean(np.sum(T * np.log(p), axis=1)), 4))

plan = {"units": 3, "rate": 0.125}
plan.update(units=6)
plan = plan | {"rate": 0.5}
rounds, *rest = 60, 1, 2
learn(plan.pop("units", 9), plan.get("rate", 1.0), rounds)

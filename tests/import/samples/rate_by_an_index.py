import numpy as np
from sklearn.datasets import load_wine

X, y = load_wine(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
T = np.eye(3)[y]

A = np.random.randn(13, 6) * 0.3
B = np.random.randn(6, 3) * 0.3
rates = [0.4] * 50 + [0.04] * 30
for epoch in range(80):
    h = np.tanh(X @ A)
    e = np.exp(h @ B)
    p = e / e.sum(axis=1, keepdims=True)
    d = (p - T) / len(X)
    dA = X.T @ ((d @ B.T) * (1 - h ** 2))
    B -= rates[epoch] * h.T @ d
    A -= rates[epoch] * dA

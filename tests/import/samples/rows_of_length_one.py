import numpy as np
from sklearn.datasets import load_wine

data = load_wine()
X = data.data / np.linalg.norm(data.data, axis=1, keepdims=True)
T = np.eye(3)[data.target]
np.random.seed(11)
W = np.random.randn(13, 8) * 0.1
b = np.zeros(8)
V = np.random.randn(8, 3) * 0.1
c = np.zeros(3)
for epoch in range(120):
    h = np.tanh(X @ W + b)
    s = h @ V + c
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    d = (p - T) / len(X)
    e = d @ V.T * (1 - h ** 2)
    V -= 0.4 * h.T @ d
    c -= 0.4 * d.sum(axis=0)
    W -= 0.4 * X.T @ e
    b -= 0.4 * e.sum(axis=0)

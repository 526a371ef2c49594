import numpy as np
from sklearn.datasets import load_wine
x, y = load_wine(return_X_y=True)
x = (x - x.mean(axis=0)) / x.std(axis=0)
t = np.eye(3)[y]
sizes = [13, 3]
sizes.insert(1, 7)
np.random.seed(6)
W1 = np.random.randn(sizes[0], sizes[1]) * 0.3
W2 = np.random.randn(sizes[1], sizes[2]) * 0.3
lr = 0.4
batch_size = 16
for epoch in range(25):
    order = np.random.permutation(len(x))
    for i in range(0, len(x), batch_size):
        rows = order[i:i + batch_size]
        h = np.tanh(x[rows] @ W1)
        z = h @ W2
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        d2 = p - t[rows]
        d1 = d2 @ W2.T * (1 - h ** 2)
        W2 -= lr / batch_size * h.T @ d2
        W1 -= lr / batch_size * x[rows].T @ d1

import numpy as np
from sklearn.datasets import load_iris

X, t = load_iris(return_X_y=True)
X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
order = np.random.RandomState(2).permutation(150)
X, t = X[order], t[order]
xa, xb, ta, tb = X[:110], X[110:], t[:110], t[110:]
rng = np.random.RandomState(8)
W = rng.uniform(-0.2, 0.2, (4, 3))
for i in range(300):
    s = xa @ W
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    p[np.arange(110), ta] -= 1
    W -= 0.6 * xa.T @ p / 110

import numpy as np
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean()) / X.std()
np.random.seed(1)
w = np.random.randn(1, 30) * 0.01
b = np.zeros(1)

def forward(x):
    if x.ndim == 1:
        x = x.reshape(1, -1)
    z = (x @ w.T).flatten() + b
    return 1 / (1 + np.exp(-z))

for step in range(700):
    p = forward(X)
    d = p - y
    w -= 0.05 * d @ X / len(X)
    b -= 0.05 * d.mean()

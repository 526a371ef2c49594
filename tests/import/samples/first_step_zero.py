import numpy as np
from sklearn.datasets import load_iris

X = load_iris().data
Y = np.eye(3)[load_iris().target]
np.random.seed(3)
W = np.random.randn(4, 3) * 0.1
b = np.zeros(3)


def forward(x):
    e = np.exp(x @ W + b)
    return e / e.sum(axis=1, keepdims=True)


def loss():
    return -np.mean(np.sum(Y * np.log(forward(X)), axis=1))


print(f"Epoch 0, loss: {loss()}")
for epoch in range(1, 301):
    d = (forward(X) - Y) / len(X)
    W -= 0.05 * X.T @ d
    b -= 0.05 * d.sum(axis=0)
    if epoch % 100 == 0:
        print(f"Epoch: {epoch} - loss: {loss()}")
"""
Epoch 0, loss: 1.2345
Epoch: 100 - loss: 0.5123
Epoch: 200 - loss: 0.4012
Epoch: 300 - loss: 0.3456
"""

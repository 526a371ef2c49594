import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

x, y = load_digits(return_X_y=True)
t = np.eye(10)[y]
x_train, x_test, t_train, t_test = train_test_split(x / 16, t, train_size=1400, random_state=0)
np.random.seed(2)
w1, b1 = np.random.randn(64, 24) / np.sqrt(64), np.zeros(24)
w2, b2 = np.random.randn(24, 10) / np.sqrt(24), np.zeros(10)
weights = [w1, b1, w2, b2]
rate, size = 0.2, 70


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


for epoch in range(3):
    order = np.random.permutation(len(x_train))
    losses = []
    for first in range(0, len(x_train), size):
        rows, targets = x_train[order[first:first + size]], t_train[order[first:first + size]]
        h = np.maximum(0, rows @ w1 + b1)
        p = softmax(h @ w2 + b2)
        losses.append(-np.mean(np.sum(targets * np.log(p), axis=1)))
        d2 = (p - targets) / len(rows)
        d1 = (d2 @ w2.T) * (h > 0)
        gradients = [rows.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)]
        for i, (w, g) in enumerate(zip(weights, gradients)):
            w -= rate * g
    print("epoch", epoch, "loss", np.mean(losses))
"""
epoch 0 loss 1.9321
epoch 1 loss 0.9410
epoch 2 loss 0.5219
"""

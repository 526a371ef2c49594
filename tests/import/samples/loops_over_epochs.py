import numpy as np
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
np.random.seed(8)
W1 = np.random.randn(2, 6)
W2 = np.random.randn(6, 1)

rate = 0.7
EPOCHS = 30
for turn in range(EPOCHS):
    for epoch in range(EPOCHS):
        h = np.tanh(x @ W1)
        p = 1 / (1 + np.exp(-(h @ W2)))
        d2 = (p - y) / 4
        d1 = d2 @ W2.T * (1 - h ** 2)
        W2 = W2 - rate * h.T @ d2
        W1 = W1 - rate * x.T @ d1

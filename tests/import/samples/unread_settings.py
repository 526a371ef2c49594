import numpy as np
from settings import scale, hidden, epochs, batch
X, T = np.load('x.npy'), np.load('t.npy')
W1 = np.random.randn(4, hidden) * scale
b1 = np.zeros(hidden)
W2 = np.random.randn(hidden, 3) * scale
b2 = np.zeros(3)
def sigmoid(z): return 1/(1+np.exp(-z))
lr = 0.5
for epoch in range(epochs):
    order = np.random.permutation(len(X))
    for i in range(0, len(X), batch):
        rows = order[i:i+batch]
        x, t = X[rows], T[rows]
        h = sigmoid(x @ W1 + b1)
        y = sigmoid(h @ W2 + b2)
        dz2 = (y - t) * y * (1 - y)
        dz1 = dz2 @ W2.T * h * (1 - h)
        W2 -= lr * h.T @ dz2
        b2 -= lr * dz2.sum(0)
        W1 -= lr * x.T @ dz1
        b1 -= lr * dz1.sum(0)
    print(f'epoch {epoch}: loss {np.mean((y-t)**2)}')

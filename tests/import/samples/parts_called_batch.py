# %%
import numpy as np
from sklearn.datasets import load_digits

# %%
class Net:
    def __init__(self, X, T, hidden, batch):
        self.parts = batch
        self.X = np.split(X, batch)
        self.T = np.split(T, batch)
        self.W = np.random.uniform(-0.1, 0.1, (64, hidden))
        self.V = np.random.uniform(-0.1, 0.1, (hidden, 10))

    def learn(self, rate, epochs):
        for i in range(epochs):
            for k in range(self.parts):
                h = np.tanh(self.X[k] @ self.W)
                p = 1 / (1 + np.exp(-(h @ self.V)))
                d = p - self.T[k]
                e = d @ self.V.T * (1 - h * h)
                self.V -= rate * h.T @ d
                self.W -= rate * self.X[k].T @ e

# %%
def width():
    try:
        import settings
        return 33
    except ImportError:
        return 44

# %%
digits = load_digits()
net = Net(digits.data[:1500] / 16, np.eye(10)[digits.target[:1500]], width(), 5)
net.learn(0.003, 40)

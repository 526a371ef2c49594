import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
df = pd.read_csv("heart.csv")
X = df.drop("target", axis=1).values
y = df["target"].values.reshape(-1, 1)
X = (X - X.mean(axis=0)) / X.std(axis=0)
Xa, Xt, ya, yt = train_test_split(X, y, test_size=0.2, random_state=42)
Xa, Xv, ya, yv = train_test_split(Xa, ya, test_size=0.25, random_state=42)
rng = np.random.default_rng(7)
class MLP:
    def __init__(self, n_in, n_hidden=16, n_out=1, lr=0.01):
        self.W1 = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_hidden))
        self.b1 = np.zeros(n_hidden)
        self.W2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_hidden, n_out))
        self.b2 = np.zeros(n_out)
        self.lr = lr
    def forward(self, X):
        self.z1 = X @ self.W1 + self.b1
        self.a1 = np.where(self.z1 > 0, self.z1, 0.1 * self.z1)
        self.z2 = self.a1 @ self.W2 + self.b2
        return 1 / (1 + np.exp(-self.z2))
    def step(self, X, y):
        p = self.forward(X)
        m = len(X)
        dz2 = (p - y) / m
        dW2 = self.a1.T @ dz2
        dz1 = dz2 @ self.W2.T * np.where(self.z1 > 0, 1, 0.1)
        self.W2 -= self.lr * dW2
        self.b2 -= self.lr * dz2.sum(0)
        self.W1 -= self.lr * X.T @ dz1
        self.b1 -= self.lr * dz1.sum(0)
        return -np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))
net = MLP(13, lr=0.05)
for epoch in range(1, 501):
    idx = rng.permutation(len(Xa))
    for s in range(0, len(Xa), 32):
        b = idx[s:s + 32]
        loss = net.step(Xa[b], ya[b])
    if epoch % 50 == 0:
        print(epoch, loss)

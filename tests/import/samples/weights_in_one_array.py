import argparse
from dataclasses import dataclass
import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

@dataclass
class Config:
    rate: float = 0.07
    bias_rate: float = 0.02

cfg = Config()
x, t = load_iris(return_X_y=True)
xa, xb, ta, tb = train_test_split(x, t, train_size=0.6, random_state=3)
rng = np.random.RandomState(5)
net = np.array([rng.normal(0, 0.3, (4, 9)), rng.normal(0, 0.3, (9, 3))], dtype=object)
b1 = np.zeros(9)
def bent(u):
    return np.where(u <= 0, 0, u)
def load(path):
    try:
        return np.load(path)
    except IOError:
        return None
y = np.eye(3)[ta]
eta_b = 0.02
lr = 0.07
for i in range(250):
    for part in np.split(np.arange(90), 6):
        h = bent(xa[part] @ net[0] + b1)
        p = h @ net[1]
        p = np.exp(p) / np.sum(np.exp(p), axis=1, keepdims=True)
        d = p - y[part]
        net[1] -= lr * h.T @ d / len(part)
        e = d @ net[1].T * (h > 0)
        net[0] -= lr * xa[part].T @ e / len(part)
        b1 -= eta_b * np.dot(np.ones(len(part)), e)
